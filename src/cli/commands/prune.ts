import { basename, dirname, join, resolve } from 'node:path'
import { KnownError } from '../../lib/errors.ts'
import { type PrunedFile, type PruneResult, pruneRaw } from '../../run/archive/prune-raw.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_INTERNAL, EXIT_OK, exitCodeOf } from '../edge/exit-codes.ts'
import { badOption, throwIfAny } from '../options/bad-option.ts'
import { chosenFolder } from '../options/chosen-folders.ts'
import { errorLines } from '../show/error-lines.ts'
import { type Paint, sizeText, tableLines } from '../show/terminal.ts'

export interface RawPruneOptions {
  readonly olderThan: string
  readonly config?: string
  readonly input?: string
  readonly output?: string
  readonly archive?: string
  readonly delete?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `ecomagg prune`: raw files that are proven aggregated go to the archive, or away. @returns the exit code */
export async function pruneCommand(raw: RawPruneOptions, context: CliContext): Promise<number> {
  const { terminal, workingFolder } = context
  const problems: KnownError[] = []
  for (const [option, path] of [
    ['--input', raw.input],
    ['--output', raw.output],
    ['--archive', raw.archive],
  ] as const) {
    if (path === '') problems.push(badOption(option, `${option} names no folder`, "''", 'a folder'))
  }
  const olderThanSeconds = ageOption('--older-than', raw.olderThan, problems)
  throwIfAny(problems)
  const inputFolder = await chosenFolder('input', raw.input, raw.config, context)
  const outputFolder = await chosenFolder('output', raw.output, raw.config, context)
  const archiveFolder =
    raw.archive === undefined ? join(inputFolder, 'archive') : resolve(workingFolder, raw.archive)
  const result = await pruneRaw({
    inputFolder,
    outputFolder,
    archiveFolder: raw.delete === true ? undefined : archiveFolder,
    olderThanSeconds,
    dryRun: raw.dryRun === true,
    now: context.now(),
    signal: context.signal,
  })
  const { run_id, files, error } = result
  if (raw.json === true) terminal.json({ run_id, files })
  else if (raw.quiet !== true || error !== undefined)
    terminal.out(...pruneLines(result, inputFolder, terminal.paint))
  if (error === undefined) return EXIT_OK
  terminal.err(...errorLines(error, terminal.paint))
  return error instanceof KnownError ? exitCodeOf(error.failure) : EXIT_INTERNAL
}

const SECONDS: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800 }

/** An age as seconds, or a problem more. @example '30d' → 2592000 */
function ageOption(option: string, text: string, problems: KnownError[]): number {
  const [, number, unit] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? []
  if (number === undefined) {
    const allowed = 'a whole number from 1 to 99,999 with h, d or w (hours, days, weeks), such as 30d'
    problems.push(badOption(option, `${option}: '${text}' is not an age`, text, allowed))
    return 0
  }
  return Number(number) * SECONDS[unit!]!
}

function pruneLines({ files, notices, run_id }: PruneResult, inputFolder: string, paint: Paint): string[] {
  const notes = notices.map((notice) => `note: ${notice}`)
  if (files.length === 0) return [...notes, `nothing to do: there is no raw file in ${inputFolder}`]
  const [head, ...lines] = tableLines(
    [
      ['raw file', 'age', 'size', 'what is done'],
      ...files.map((file) => [
        basename(file.file),
        ageText(file.age_seconds),
        sizeText(file.bytes),
        file.reason === null ? file.action : `${file.action}: ${file.reason}`,
      ]),
    ],
    ['left', 'right', 'right', 'left'],
  )
  return [...notes, paint.bold(head!), ...lines, '', summary(files, run_id)]
}

function summary(files: readonly PrunedFile[], runId: string): string {
  const gone = files.filter(({ action }) => action !== 'kept')
  const [first] = gone
  if (first === undefined) return `nothing to do: none of ${files.length} raw files qualifies`
  const size = sizeText(gone.reduce((sum, { bytes }) => sum + bytes, 0))
  const to = first.archive === null ? '' : ` to ${dirname(first.archive)}`
  const what = `${first.action} ${gone.length} of ${files.length} raw files (${size})${to}`
  return first.action.startsWith('would')
    ? `${what}; nothing was changed (--dry-run)`
    : `${what}, all aggregated by run ${runId}`
}

/** @example ageText(7200) → '2 h'; ageText(2600000) → '30 d' */
function ageText(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}
