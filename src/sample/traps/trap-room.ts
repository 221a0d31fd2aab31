import { formatDay } from '../../lib/times/wall-clock.ts'
import type { UsualRawTableName } from '../../raw/index.ts'
import type { Calendar } from '../shop/calendar.ts'
import type { Random } from '../shop/random.ts'
import type { TruthLedger } from '../shop/truth-ledger.ts'
import type { TrapSheet } from './trap-sheet.ts'

/** Makes ids that nothing else has. */
export interface FreshIds {
  readonly user: () => string
  readonly session: () => string
  readonly order: () => string
  readonly event: () => string
}

/** What the traps of every table need. */
export interface TrapRoom {
  readonly sheets: Readonly<Record<UsualRawTableName, TrapSheet>>
  readonly ledger: TruthLedger
  readonly fresh: FreshIds
  readonly calendar: Calendar
  readonly random: Random
  /** From 0; rows that can be there only once belong to round 0. */
  readonly round: number
}

/** One of the days of the sample. */
export function someDay({ calendar, random }: TrapRoom): number {
  return calendar.firstDay + random.below(calendar.lastDay - calendar.firstDay + 1)
}

/** @example at(20090, '12:00:00') → '2025-01-02 12:00:00' */
export function at(day: number, clock: string): string {
  return `${formatDay(day)} ${clock}`
}

/** Ten-thousandths as a plain decimal. @example decimal(-1_250n) → '-0.1250' */
export function decimal(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(5, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}
