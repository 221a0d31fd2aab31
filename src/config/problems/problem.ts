import { relative, sep } from 'node:path'
import type { SettingProblem } from '../../custom/setting-problem.ts'
import { KnownError } from '../../lib/errors.ts'

/** A place in a file, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What a settings file holds, and where in it. */
export interface ReadFile {
  readonly value: unknown
  /** Where a setting stands; undefined where the file's language does not tell. */
  readonly positionOf: (path: readonly PropertyKey[]) => Position | undefined
}

/** Something wrong in the settings, in words. */
export interface ConfigProblem extends SettingProblem {
  readonly found?: string
}

/** @example pathText(['coupons', 'SAVE 10', 'percent']) → 'coupons["SAVE 10"].percent' */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`
      const name = String(part)
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return `[${JSON.stringify(name)}]`
      return i === 0 ? name : `.${name}`
    })
    .join('')
}

/** A file as messages name it: short where it lies below the working folder. */
export function fileLabel(file: string, workingFolder: string): string {
  const path = relative(workingFolder, file)
  return path === '' || path === '..' || path.startsWith(`..${sep}`) ? file : path
}

/** Where a problem is: `ecomagg.config.yaml, line 7`. */
export function placeText(label: string, position: Position | undefined): string {
  return position === undefined ? label : `${label}, line ${position.line}`
}

/** A settings file that cannot be used as a whole. */
export function brokenFile(
  code: 'config_missing' | 'config_unreadable' | 'config_broken',
  file: string,
  label: string,
  what: string,
  more: { position?: Position | undefined; allowed?: string; hint?: string; cause?: unknown } = {},
): KnownError {
  const { position, hint, ...details } = more
  return new KnownError('config', code, `${placeText(label, position)}: ${what}`, {
    file,
    ...positionDetails(position),
    ...details,
    hint: hint ?? 'mend the settings file; nothing was read or written',
  })
}

/** A setting that is wrong. */
export function invalidSetting(
  problem: ConfigProblem,
  file: string,
  label: string,
  position: Position | undefined,
): KnownError {
  const { path, message, found, allowed } = problem
  const what = path.length === 0 ? message : `${pathText(path)}: ${message}`
  return new KnownError('config', 'config_invalid', `${placeText(label, position)}: ${what}`, {
    file,
    ...positionDetails(position),
    ...(found === undefined ? {} : { found }),
    ...(allowed === undefined ? {} : { allowed }),
    hint: 'mend the settings file; ecomagg config --json-schema prints all that it may hold',
  })
}

function positionDetails(position: Position | undefined): { line?: number; column?: string } {
  return position === undefined ? {} : { line: position.line, column: String(position.column) }
}
