import { statSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS_FILES } from '../../config/file/find-file.ts'
import { DEFAULT_FOLDERS } from '../../config/read-settings.ts'
import { JSON_SCHEMA_NAME, jsonSchemaText } from '../../config/schema/json-schema.ts'
import { starterText } from '../../config/schema/starter.ts'
import { STARTER_FORMATS, type StarterFormat } from '../../config/schema/starter-languages.ts'
import { KnownError } from '../../lib/errors.ts'
import { ensureFolder, replaceFile } from '../../lib/files/fs-safe.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { badOption } from '../options/bad-option.ts'
import { tableLines } from '../show/terminal.ts'

export interface RawInitOptions {
  readonly format: string
  readonly force?: boolean
}

/** `ecomagg init`: a settings file with everything explained, and the three folders. @returns the exit code */
export async function initCommand(
  raw: RawInitOptions,
  { terminal, workingFolder }: CliContext,
): Promise<number> {
  const format = STARTER_FORMATS.find((one) => one === raw.format)
  if (format === undefined) {
    const allowed = STARTER_FORMATS.join(', ')
    throw badOption(
      '--format',
      `--format: '${raw.format}' is none of ${allowed}`,
      raw.format,
      `one of ${allowed}`,
    )
  }
  const name = `ecomagg.config.${format}`
  refuseToOverwrite(workingFolder, name, raw.force === true)
  const made = [...makeFolders(workingFolder), ...writeFiles(workingFolder, name, format)]
  terminal.out(...tableLines(made, ['left', 'left']))
  return EXIT_OK
}

/** With force, only the file of the same name gives way: two settings files would be refused by every run. */
function refuseToOverwrite(folder: string, name: string, force: boolean): void {
  const present = SETTINGS_FILES.filter(
    (one) => statSync(join(folder, one), { throwIfNoEntry: false }) !== undefined && !(force && one === name),
  )
  if (present.length === 0) return
  const same = present.includes(name)
  throw new KnownError('create', 'config_exists', `${folder} already holds ${present.join(', ')}`, {
    file: join(folder, present[0]!),
    found: present.join(', '),
    allowed: 'a folder without a settings file',
    hint: same
      ? 'overwrite it with --force'
      : `remove ${present.join(', ')} first, or choose its format with --format`,
  })
}

function makeFolders(workingFolder: string): string[][] {
  return Object.values(DEFAULT_FOLDERS).map((folder) => {
    const path = join(workingFolder, folder)
    const isNew = statSync(path, { throwIfNoEntry: false }) === undefined
    ensureFolder(path, folder === DEFAULT_FOLDERS.logs ? 0o750 : 0o755, 'folder', 'cd')
    return [`${folder}/`, isNew ? 'made' : 'was there']
  })
}

function writeFiles(folder: string, name: string, format: StarterFormat): string[][] {
  const files: [string, string, string][] = [[name, starterText(format), 'the settings, all switched off']]
  if (format === 'json' || format === 'yaml')
    files.push([JSON_SCHEMA_NAME, jsonSchemaText(), 'what editors know of them'])
  return files.map(([file, text, what]) => {
    replaceFile(join(folder, file), text, 0o644)
    return [file, what]
  })
}
