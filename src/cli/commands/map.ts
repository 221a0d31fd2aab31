import { statSync } from 'node:fs'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { SETTINGS_FILES } from '../../config/file/find-file.ts'
import { KnownError } from '../../lib/errors.ts'
import { replaceFile } from '../../lib/files/fs-safe.ts'
import { sampleFile, USUAL_SAMPLE } from '../../parsers/records/file-sample.ts'
import { allRawTables } from '../../raw/index.ts'
import { type FileToMap, type MapResult, mapFiles } from '../../sources/map/map-files.ts'
import { settingsFileText } from '../../sources/map/settings-text.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK, exitCodeOf } from '../edge/exit-codes.ts'
import { badOption } from '../options/bad-option.ts'
import { chosenFolder } from '../options/chosen-folders.ts'
import { mappedFileJson } from '../show/map-json.ts'
import { mappedFileLines, proposalLines } from '../show/map-report.ts'

export interface RawMapOptions {
  readonly config?: string
  readonly input?: string
  readonly write?: string | true
  readonly force?: boolean
  readonly showValues?: boolean
  readonly json?: boolean
}

/** The settings file that `--write` makes unless another is named. */
const USUAL_FILE = 'ecomagg.config.yaml'

/**
 * `ecomagg map`: what files hold, and which settings read them. A file that cannot be looked at does not hide the
 * others.
 *
 * @returns the exit code: that of the first file that could not be looked at, or is no table, if there is one
 */
export async function mapCommand(
  given: readonly string[],
  options: RawMapOptions,
  context: CliContext,
): Promise<number> {
  const { terminal, workingFolder } = context
  const { paths, raw } = withoutSwallowed(given, options)
  if (paths.length === 0)
    throw badOption('map', 'map: no file is named', 'none', 'one file or more, such as raw_data/*')
  const target = raw.write === undefined ? undefined : settingsTarget(raw, workingFolder)
  const inputFolder = await chosenFolder('input', raw.input, raw.config, context)
  const files: (FileToMap & { readonly path: string })[] = []
  const problems: KnownError[] = []
  for (const path of new Set(paths)) {
    context.signal.throwIfAborted()
    try {
      const full = resolve(workingFolder, path)
      files.push({ path, ...nameOf(full, inputFolder), sample: await sampleFile(full, USUAL_SAMPLE) })
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      problems.push(error)
    }
  }
  const result = mapFiles(files, Object.values(allRawTables))
  if (target !== undefined) replaceFile(target, settingsFileText(result), 0o644)
  report(result, files, problems, raw, context)
  if (target !== undefined && raw.json !== true)
    terminal.out('', `written: ${target}; try it with: ecomagg check`)
  const [first] = problems
  if (first !== undefined) return exitCodeOf(first.failure)
  return result.files.some(({ found }) => found.fault !== undefined) ? exitCodeOf('data') : EXIT_OK
}

/** In `map --write orders.csv` the file is one to look at, and no settings file. */
function withoutSwallowed(
  paths: readonly string[],
  raw: RawMapOptions,
): { paths: readonly string[]; raw: RawMapOptions } {
  if (typeof raw.write !== 'string' || /\.ya?ml$/.test(raw.write)) return { paths, raw }
  return { paths: [raw.write, ...paths], raw: { ...raw, write: true } }
}

function report(
  result: MapResult,
  files: readonly { readonly path: string }[],
  problems: readonly KnownError[],
  raw: RawMapOptions,
  { terminal }: CliContext,
): void {
  const showValues = raw.showValues === true
  for (const { code, message, hint } of problems) {
    terminal.err(`${terminal.paint.bad('error')} (${code}): ${message}`)
    if (hint !== undefined) terminal.err(`  what to do: ${hint}`)
  }
  if (raw.json === true) {
    terminal.json({
      files: result.files.map(({ found }, i) => mappedFileJson(files[i]?.path ?? '', found, showValues)),
      problems: problems.map(({ code, message, details }) => ({ code, file: details.file ?? null, message })),
      questions: result.questions.map(({ tables, text, setting }) => ({
        tables,
        text,
        setting: setting ?? null,
      })),
      settings: result.settings,
    })
    return
  }
  const lines = result.files.flatMap(({ found }, i) =>
    mappedFileLines(files[i]?.path ?? '', found, showValues, terminal.paint),
  )
  terminal.out(...lines, ...proposalLines(result, terminal.paint))
}

/** How the setting `files` names a file: relative to the input folder. */
function nameOf(path: string, inputFolder: string): { name: string; isInside: boolean } {
  const below = relative(inputFolder, path)
  const isInside = below !== '' && !isAbsolute(below) && below.split(sep)[0] !== '..'
  return { name: isInside ? below.split(sep).join('/') : basename(path), isInside }
}

/** @throws KnownError config_exists (create) rather than overwrite settings, or add to them a second file */
function settingsTarget({ write, force }: RawMapOptions, workingFolder: string): string {
  const path = resolve(workingFolder, write === true || write === undefined ? USUAL_FILE : write)
  const isThere = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined
  const others = SETTINGS_FILES.map((name) => join(workingFolder, name)).filter(
    (file) => write === true && file !== path && isThere(file),
  )
  const present = [...(isThere(path) && force !== true ? [path] : []), ...others]
  const [first] = present
  if (first === undefined) return path
  throw new KnownError('create', 'config_exists', `${present.join(', ')} is already there`, {
    file: first,
    found: present.join(', '),
    allowed: 'a folder without a settings file',
    hint:
      first === path
        ? 'overwrite it with --force, or name another file with --write'
        : 'paste what ecomagg map prints into it, or name another file with --write',
  })
}
