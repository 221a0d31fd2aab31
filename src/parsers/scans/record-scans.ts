import type { RawTable } from '../../raw/define.ts'
import { type Rules, timeFormatsOf } from '../../rules/rules.ts'
import type { Header } from '../headers/header.ts'
import { DayOrMonthScan } from './day-or-month.ts'
import { PersonalDataScan, type PersonalDataTally } from './personal-data.ts'
import type { DayOrMonth, ScanResults, UnclearTimes } from './scan-results.ts'
import { UnclearTimesScan } from './unclear-times.ts'
import { UnreadScan, type UnreadTally } from './unread-columns.ts'

/** What a table is scanned for, and what is known before its first record. */
export interface ScanOptions {
  readonly table: RawTable
  readonly header: Header
  readonly rules: Rules
  /** Look for what seems to be personal data; takes time. */
  readonly findPersonalData: boolean
}

/** What was counted in some records of a file, on its way between threads. */
export interface ScanTallies {
  readonly personalData: readonly PersonalDataTally[]
  readonly unreadColumns: readonly UnreadTally[]
  readonly dayOrMonth: readonly DayOrMonth[]
  readonly unclearTimes: readonly UnclearTimes[]
}

export const NO_TALLIES: ScanTallies = {
  personalData: [],
  unreadColumns: [],
  dayOrMonth: [],
  unclearTimes: [],
}

/** All that looks at the fields of the records of one table for its own sake, declared columns or not. */
export class RecordScans {
  readonly #fieldCount: number
  readonly #personalData: PersonalDataScan | undefined
  readonly #unread: UnreadScan | undefined
  readonly #dayOrMonth: DayOrMonthScan | undefined
  readonly #unclearTimes: UnclearTimesScan | undefined

  private constructor({ table, header, rules, findPersonalData }: ScanOptions) {
    this.#fieldCount = header.fieldCount
    this.#personalData = findPersonalData ? new PersonalDataScan(header.names) : undefined
    this.#unread = UnreadScan.of(header.names, header.unknown)
    this.#dayOrMonth = DayOrMonthScan.of(table, header, timeFormatsOf(rules, table.name))
    this.#unclearTimes = UnclearTimesScan.of(table, header, rules)
  }

  /** @returns undefined if there is nothing to look for, as for most tables */
  static of(options: ScanOptions): RecordScans | undefined {
    const scans = new RecordScans(options)
    const all = [scans.#personalData, scans.#unread, scans.#dayOrMonth, scans.#unclearTimes]
    return all.every((scan) => scan === undefined) ? undefined : scans
  }

  /** Looks at one record that could be split; field i lies from starts[i] to ends[i]. */
  record(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number): void {
    this.#personalData?.record(bytes, starts, ends, count)
    if (count !== this.#fieldCount) return
    this.#unread?.record(bytes, starts, ends)
    this.#dayOrMonth?.record(bytes, starts, ends)
    this.#unclearTimes?.record(bytes, starts, ends)
  }

  get tallies(): ScanTallies {
    return {
      personalData: this.#personalData?.tallies ?? [],
      unreadColumns: this.#unread?.tallies ?? [],
      dayOrMonth: this.#dayOrMonth?.tallies ?? [],
      unclearTimes: this.#unclearTimes?.tallies ?? [],
    }
  }

  /** Adds what was counted in other records of the file. */
  add({ personalData, unreadColumns, dayOrMonth, unclearTimes }: ScanTallies): void {
    this.#personalData?.add(personalData)
    this.#unread?.add(unreadColumns)
    this.#dayOrMonth?.add(dayOrMonth)
    this.#unclearTimes?.add(unclearTimes)
  }

  results(): ScanResults {
    return {
      personalData: this.#personalData?.results() ?? [],
      unreadColumns: this.#unread?.results() ?? [],
      dayOrMonth: this.#dayOrMonth?.tallies ?? [],
      unclearTimes: this.#unclearTimes?.tallies ?? [],
    }
  }
}
