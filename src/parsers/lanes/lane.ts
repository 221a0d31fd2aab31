import type { ToWallClock } from '../../lib/times/time-zone.ts'
import { wallClockBetween } from '../../lib/times/wall-clock-between.ts'
import type { RawTable } from '../../raw/define.ts'
import type { CellOptions } from '../../raw/kinds.ts'
import { ownTimeZone, type Rules, timeFormatsOf } from '../../rules/rules.ts'
import type { RowReason, SourceRows } from '../../sources/rows/source-rows.ts'
import type { RecordBatch, RejectedRecord } from '../batch/record-batch.ts'
import type { Header } from '../headers/header.ts'
import type { RecordForm } from '../records/record-form.ts'
import type { RecordScans } from '../scans/record-scans.ts'
import type { RecordScanner } from './fast/kernel/record-scanner.ts'

/** A record that is no row of the table, by the shop's settings. */
export interface LeftOut {
  readonly leftOut: RowReason
}

/** What stands against a record, taken by itself. */
export type RecordFault = Omit<RejectedRecord, 'row' | 'line'>

/** What a lane works on and with. */
export interface LaneOptions {
  readonly table: RawTable
  readonly header: Header
  readonly rules: Rules
  readonly form: RecordForm
  /** Looks at every record that can be split, if it is there. */
  readonly scans: RecordScans | undefined
  readonly batch: RecordBatch
  /** Judges the records of the table, where that needs all of them in their order. */
  readonly sourceRows?: SourceRows | undefined
  /** The conversion into the shop's time zone, which all lanes of a thread share. */
  readonly toWallClock: ToWallClock
}

/** How the cells of the table are read. */
export function cellOptionsOf({
  table,
  rules,
  toWallClock,
}: Pick<LaneOptions, 'table' | 'rules' | 'toWallClock'>): CellOptions {
  const own = ownTimeZone(rules, table.name)
  return {
    timeZone: rules.timezone,
    timeFormats: timeFormatsOf(rules, table.name),
    toWallClock,
    ...(own === undefined ? {} : { fromWritten: wallClockBetween(own, rules.timezone).convert }),
  }
}

/**
 * A way of filling a batch: splits one record after the other, checks and reads its declared cells. All lanes
 * say the same of the same record; they differ in what they are good at.
 */
export interface Lane {
  /**
   * Reads a record as the batch's next row, which counts only if nothing stands against it.
   *
   * @param start where the record starts in the batch's bytes; it is UTF-8, without NUL, and not too long
   * @param scanner what has just scanned it
   */
  read(start: number, scanner: RecordScanner): RecordFault | LeftOut | undefined
}

/** Makes a lane for one table and one batch. */
export type MakeLane = (options: LaneOptions) => Lane

/** Why a record is rejected that has another number of fields than the header. */
export function fieldCountFault(found: number, wanted: number): RecordFault {
  const reason = found < wanted ? 'too_few_fields' : 'too_many_fields'
  return { column: undefined, reason, cell: undefined, day: undefined, worth: 0 }
}
