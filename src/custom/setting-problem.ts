import type * as z from 'zod'
import type { RawColumns } from '../raw/define.ts'
import type { RawTableName } from '../raw/index.ts'

/** Something wrong in the settings, and where. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly allowed?: string
  /** What zod said, where it was zod; the message is then only its summary. */
  readonly issue?: z.core.$ZodIssue
}

/** The columns of raw tables that a shop has declared, by table. */
export type ExtraByTable = Partial<Record<RawTableName, Record<string, RawColumns[string]>>>
