import { statSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS_FILES } from '../../config/file/find-file.ts'
import { nearest } from '../../config/problems/suggest.ts'
import { DEFAULT_FOLDERS } from '../../config/read-settings.ts'
import { JSON_SCHEMA_NAME, jsonSchemaText } from '../../config/schema/json-schema.ts'
import { filledTables, presetStarterText } from '../../config/schema/preset-starter.ts'
import { starterText } from '../../config/schema/starter.ts'
import { STARTER_FORMATS, type StarterFormat } from '../../config/schema/starter-languages.ts'
import { KnownError } from '../../lib/errors.ts'
import { ensureFolder, replaceFile } from '../../lib/files/fs-safe.ts'
import type { RawTableName } from '../../raw/index.ts'
import { PRESET_NAMES } from '../../rules/sources/preset-names.ts'
import { presetNamed } from '../../sources/presets/index.ts'
import { type Preset, tablesOf } from '../../sources/presets/preset.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { badOption } from '../options/bad-option.ts'
import { tableLines } from '../show/terminal.ts'

export interface RawInitOptions {
  readonly format?: string
  readonly preset?: readonly string[]
  readonly force?: boolean
}

/**
 * `ecomagg init`: a settings file, and the three folders. Without presets, everything is explained and switched
 * off; with presets, what their exports need is switched on.
 *
 * @returns the exit code
 */
export async function initCommand(
  raw: RawInitOptions,
  { terminal, workingFolder }: CliContext,
): Promise<number> {
  const presets = presetsOf(raw.preset ?? [])
  const format = formatOf(raw.format ?? (presets.length === 0 ? 'ts' : 'yaml'))
  const name = `ecomagg.config.${format}`
  refuseToOverwrite(workingFolder, name, raw.force === true)
  const made = [...makeFolders(workingFolder), ...writeFiles(workingFolder, name, format, presets)]
  terminal.out(...tableLines(made, ['left', 'left']))
  if (presets.length > 0) terminal.out('', ...nextSteps(name, presets))
  return EXIT_OK
}

function formatOf(given: string): StarterFormat {
  const format = STARTER_FORMATS.find((one) => one === given)
  if (format !== undefined) return format
  const allowed = STARTER_FORMATS.join(', ')
  throw badOption('--format', `--format: '${given}' is none of ${allowed}`, given, `one of ${allowed}`)
}

/** The presets that were named, each once; several may stand in one word with commas between. */
function presetsOf(given: readonly string[]): readonly Preset[] {
  const names = [...new Set(given.flatMap((text) => text.split(',')).map((name) => name.trim()))]
  const chosen = names.map((name) => {
    const preset = presetNamed(name)
    if (preset !== undefined) return preset
    const allowed = PRESET_NAMES.join(', ')
    const near = nearest(name, PRESET_NAMES)
    const meant = near === undefined ? '' : `; did you mean ${near}?`
    const message = `--preset: '${name}' is none of ${allowed}${meant}`
    throw badOption('--preset', message, name, `one of ${allowed}`)
  })
  const filled = filledTables(chosen)
  const idle = chosen.find((one) => !filled.some(({ preset }) => preset === one))
  if (idle === undefined) return chosen
  const tables = tablesOf(idle)
  const others = [...new Set(filled.flatMap((one) => (tables.includes(one.table) ? [one.preset.name] : [])))]
  throw badOption(
    '--preset',
    `--preset: ${idle.name} has nothing left to fill: ${tables.join(', ')} is filled by ${others.join(', ')}`,
    idle.name,
    'presets of which each fills a raw table; one that several fill is filled by the one named first',
  )
}

function nextSteps(name: string, presets: readonly Preset[]): string[] {
  const files = [...new Set(filledTables(presets).flatMap(({ table, preset }) => filesOf(preset, table)))]
  return [
    `next: write your time zone into ${name}, put the exports into ${DEFAULT_FOLDERS.input}/ (${files.join(', ')}), then: ecomagg check --verbose`,
  ]
}

/** As people see them; the same may also be zipped. */
function filesOf({ tables }: Preset, table: RawTableName): readonly string[] {
  const files = tables[table]?.files ?? `${table}.csv`
  return [files].flat().filter((file) => !file.endsWith('.gz'))
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

function writeFiles(
  folder: string,
  name: string,
  format: StarterFormat,
  presets: readonly Preset[],
): string[][] {
  const names = presets.map((preset) => preset.name).join(', ')
  const files: [string, string, string][] =
    presets.length === 0
      ? [[name, starterText(format), 'the settings, all switched off']]
      : [[name, presetStarterText(format, presets), `the settings for ${names}`]]
  if (format === 'json' || format === 'yaml')
    files.push([JSON_SCHEMA_NAME, jsonSchemaText(), 'what editors know of them'])
  return files.map(([file, text, what]) => {
    replaceFile(join(folder, file), text, 0o644)
    return [file, what]
  })
}
