import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type GivenExtensions, readExtensions } from '../custom/declare.ts'
import { type Extensions, noExtensions } from '../custom/extensions.ts'
import { declarationsSchema } from '../custom/schemas.ts'
import type { SettingProblem } from '../custom/setting-problem.ts'
import { KnownError } from '../lib/errors.ts'
import { defaultRules } from '../rules/rules.ts'
import { expandPresets } from '../sources/presets/expand.ts'
import { crossProblems, type Override } from './cross-checks.ts'
import { isTooDeep, nestedTooDeep } from './file/depth.ts'
import { findSettingsFile, type WhereSettingsAre } from './file/find-file.ts'
import { forbiddenNames } from './file/forbidden-names.ts'
import { mergeDeclarations } from './file/merge-declarations.ts'
import { readSettingsFile } from './file/read-file.ts'
import { readModules } from './file/read-modules.ts'
import {
  brokenFile,
  type ConfigProblem,
  fileLabel,
  invalidSetting,
  type Position,
  placeText,
} from './problems/problem.ts'
import { rulesOf, type Settings, settingsSchema } from './schema/settings.ts'
import { isPlainObject, type Values, withTexts, withValue } from './schema/values.ts'

/** The settings file of a run; its hash is over its bytes and those of the modules that it names. */
export interface SettingsFile {
  readonly path: string
  readonly sha256: string
}

/** All settings of a run. Folders are absolute. */
export interface LoadedSettings {
  readonly settings: Settings & { readonly paths: Folders }
  readonly extensions: Extensions
  /** undefined if there is no settings file. */
  readonly file: SettingsFile | undefined
  /** What the settings file itself holds. */
  readonly given: Values
  /** Where a setting stands in the settings file: `ecomagg.config.yaml, line 7`. */
  readonly placeOf: (path: readonly PropertyKey[]) => string
}

export interface Folders {
  readonly input: string
  readonly output: string
  readonly logs: string
}

export const DEFAULT_FOLDERS: Folders = { input: 'raw_data', output: 'aggregated_data', logs: 'logs' }

/** Settings that are paths, relative to the settings file. */
const PATHS = [
  ['paths', 'input'],
  ['paths', 'output'],
  ['paths', 'logs'],
  ['privacy', 'keyFile'],
]

/**
 * The settings of a run: those of the options, then those of the settings file, then the defaults.
 *
 * @returns the settings, or else every problem
 */
export async function readSettings(
  where: WhereSettingsAre,
  overrides: readonly Override[] = [],
): Promise<{ loaded: LoadedSettings; problems: [] } | { loaded: undefined; problems: KnownError[] }> {
  const source = await attempt(() => readSource(where))
  if (source instanceof KnownError) return { loaded: undefined, problems: [source] }
  const values = overrides.reduce(
    (all, { path, value }) => withValue(all, path, value),
    withDefaultFolders(source.values, where.workingFolder),
  )
  const cross = crossProblems(values, overrides, source.label)
  const problems = [...cross.options, ...source.problems, ...cross.file.map(source.asError)].sort(
    inOrderFor(source.file?.path),
  )
  if (problems.length > 0) return { loaded: undefined, problems }
  const { file, given, extensions, placeOf } = source
  const settings = settingsSchema.parse(values)
  return {
    loaded: { settings: settings as LoadedSettings['settings'], extensions, file, given, placeOf },
    problems: [],
  }
}

interface Source {
  readonly label: string | undefined
  readonly file: SettingsFile | undefined
  readonly given: Values
  /** As given, with absolute paths, with what the modules declare and what presets say. */
  readonly values: Values
  readonly extensions: Extensions
  readonly problems: readonly KnownError[]
  readonly asError: (problem: ConfigProblem) => KnownError
  readonly placeOf: (path: readonly PropertyKey[]) => string
}

/** @throws KnownError (config) if there is no telling what the file holds */
async function readSource(where: WhereSettingsAre): Promise<Source> {
  const path = findSettingsFile(where)
  if (path === undefined) return noSource
  const label = fileLabel(path, where.workingFolder)
  const { value: given, positionOf } = await readSettingsFile(path, where)
  if (!isPlainObject(given) || ![Object.prototype, null].includes(Object.getPrototypeOf(given))) {
    throw brokenFile('config_broken', path, label, 'it does not hold settings by name', {
      allowed: 'an object',
    })
  }
  if (isTooDeep(given)) throw nestedTooDeep(path, label)
  const folder = dirname(path)
  const problems: KnownError[] = []
  const errorIn = (file: string, problem: ConfigProblem, position?: Position | undefined) =>
    invalidSetting(problem, file, fileLabel(file, where.workingFolder), position)
  const asError = (problem: ConfigProblem) => errorIn(path, problem, positionOf(problem.path))
  problems.push(...forbiddenNames(given).map(asError))
  const expanded = expandPresets(given)
  problems.push(...expanded.problems.map(asError))
  const parsed = settingsSchema.safeParse(expanded.given)
  if (!parsed.success) {
    const { problemsOf } = await import('./problems/problem-texts.ts')
    problems.push(...problemsOf(parsed.error.issues, expanded.given, settingsSchema).map(asError))
  }
  const modules = await readModules(given.modules, folder, where.workingFolder)
  problems.push(...modules.problems)
  for (const { file, given: declared } of modules.declarations)
    problems.push(...forbiddenNames(declared).map((problem) => errorIn(file, problem)))
  const merged = mergeDeclarations([{ file: path, given }, ...modules.declarations])
  const read = readExtensions(merged.given, parsed.success ? rulesOf(parsed.data) : defaultRules)
  const declared = await inWords(read.problems, merged.given)
  problems.push(
    ...merged.problems.map((problem) =>
      problem.file === path ? asError(problem) : errorIn(problem.file, problem),
    ),
    ...declared.map((problem) => {
      const { file, path: at } = merged.originOf(problem.path)
      return file === path ? asError({ ...problem, path: at }) : errorIn(file, { ...problem, path: at })
    }),
  )
  return {
    label,
    file: { path, sha256: hashOf([path, ...modules.files]) },
    given,
    values: withTexts({ ...expanded.given, ...merged.given }, PATHS, (text) => resolve(folder, text)),
    extensions: read.extensions,
    problems,
    asError,
    placeOf: (at) => placeText(label, positionOf(at)),
  }
}

/** Problems of declarations, with what zod found put into words. */
async function inWords(
  problems: readonly SettingProblem[],
  given: GivenExtensions,
): Promise<readonly ConfigProblem[]> {
  if (problems.length === 0) return []
  const { problemsOf } = await import('./problems/problem-texts.ts')
  return problems.flatMap(({ issue, ...problem }) =>
    issue === undefined
      ? [problem]
      : problemsOf([{ ...issue, path: [...problem.path] }], given, declarationsSchema),
  )
}

const noSource: Source = {
  label: undefined,
  file: undefined,
  given: {},
  values: {},
  extensions: noExtensions,
  problems: [],
  asError: (problem) => new KnownError('config', 'config_invalid', problem.message),
  placeOf: () => 'default',
}

function withDefaultFolders(values: Values, workingFolder: string): Values {
  const paths = values.paths === undefined ? {} : values.paths
  if (!isPlainObject(paths)) return values
  const defaults = Object.entries(DEFAULT_FOLDERS).map(([name, folder]) => [
    name,
    resolve(workingFolder, folder),
  ])
  const given = Object.entries(paths).filter(([, folder]) => folder !== undefined)
  return { ...values, paths: Object.fromEntries([...defaults, ...given]) }
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Options first, then the settings file from top to bottom, then its modules. */
function inOrderFor(path: string | undefined): (a: KnownError, b: KnownError) => number {
  const rank = ({ failure, details }: KnownError) => (failure === 'usage' ? 0 : details.file === path ? 1 : 2)
  return (a, b) => rank(a) - rank(b) || (rank(a) === 1 ? (a.details.line ?? 0) - (b.details.line ?? 0) : 0)
}

async function attempt<T>(work: () => Promise<T>): Promise<T | KnownError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
}
