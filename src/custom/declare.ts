import { type Extensions, noExtensions } from './extensions.ts'

/** What a settings file and the modules it names declare; anything, until it has been checked. */
export interface GivenExtensions {
  readonly extraColumns?: unknown
  readonly metrics?: unknown
  readonly tables?: unknown
}

/** Something wrong in the settings, and where. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Checks what a shop adds; all problems at once. */
export function readExtensions(_given: GivenExtensions): {
  readonly extensions: Extensions
  readonly problems: readonly SettingProblem[]
} {
  return { extensions: noExtensions, problems: [] }
}
