import { type Delivery, dateOf, type HostileSettings, type Tables, TIMED_TABLES } from './hostile-source.ts'
import { naiveFilters, naiveKey } from './naive-filters.ts'
import { type RawRow, SHOP_TABLES } from './random-shop.ts'

/** Rows that counted and that a delivery lacks, of one table and date. */
export interface LostOf {
  readonly table: string
  readonly date: string
}

/** What was delivered last of each day, kept as plain rows: the other way to say what a history holds. */
export class KeptDaysModel {
  readonly #settings: HostileSettings
  /** By date; users stand under ''. */
  #days = new Map<string, Tables>()

  constructor(settings: HostileSettings) {
    this.#settings = settings
  }

  get days(): ReadonlyMap<string, Tables> {
    return this.#days
  }

  /** All kept rows, earlier dates first. */
  rows(): Tables {
    const dates = [...this.#days.keys()].sort()
    return Object.fromEntries(
      SHOP_TABLES.map((table) => [table, dates.flatMap((date) => this.#days.get(date)![table] ?? [])]),
    )
  }

  /** The dates of a delivery: those of all rows whose time can be read. */
  static datesOf({ rows, undated }: Delivery): Set<string> {
    const dated = TIMED_TABLES.flatMap((table) => rows[table]!.filter((row) => !undated.has(row)))
    return new Set(dated.map(dateOf))
  }

  take(delivery: Delivery): void {
    const days = new Map(this.#days)
    for (const date of KeptDaysModel.datesOf(delivery)) {
      const before = delivery.mergeDays ? days.get(date) : undefined
      const tables = Object.fromEntries(
        TIMED_TABLES.map((table) => {
          const was = before?.[table] ?? []
          const here = goodRows(delivery, table).filter((row) => dateOf(row) === date)
          const delivered = new Set(here.map((row) => this.#keyOf(table, row)))
          const isLast = this.#settings.keepsLast.includes(table)
          const kept = isLast ? was.filter((row) => !delivered.has(this.#keyOf(table, row))) : was
          const keys = this.#keepsAll(table)
            ? new Set<string>()
            : new Set(kept.map((row) => this.#keyOf(table, row)))
          const added = here.filter((row) => !keys.has(this.#keyOf(table, row)))
          return [table, [...kept, ...added]]
        }),
      )
      if (Object.values(tables).some((rows) => rows.length > 0)) days.set(date, tables)
      else days.delete(date)
    }
    days.set('', { user_table: this.#users(goodRows(delivery, 'user_table')) })
    this.#days = days
  }

  /** Rows that counted and that a delivery lacks of its dates, by table and date. */
  lostBy(delivery: Delivery): LostOf[] {
    if (delivery.mergeDays) return []
    const { accepted } = naiveFilters(
      { rows: this.rows(), bad: new Set() },
      this.#settings.filters,
      this.#settings,
    )
    const dates = KeptDaysModel.datesOf(delivery)
    return TIMED_TABLES.flatMap((table) => {
      const supply = new Map<string, number>()
      for (const row of goodRows(delivery, table))
        supply.set(this.#keyOf(table, row), (supply.get(this.#keyOf(table, row)) ?? 0) + 1)
      const counted = [...this.#days]
        .filter(([date]) => dates.has(date))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([date, tables]) =>
          (tables[table] ?? []).filter((row) => accepted.has(row)).map((row) => ({ date, row })),
        )
      return counted.flatMap(({ date, row }) => {
        const key = this.#keyOf(table, row)
        const left = supply.get(key) ?? 0
        if (left === 0) return [{ table, date }]
        if (this.#keepsAll(table)) supply.set(key, left - 1)
        return []
      })
    })
  }

  #keyOf(table: string, row: RawRow): string {
    return naiveKey(table, row, this.#settings.keys)
  }

  #keepsAll(table: string): boolean {
    return this.#settings.keepsAll.includes(table)
  }

  /** Rows of a delivered user take the place of those kept of the same; new users come last. */
  #users(delivered: readonly RawRow[]): RawRow[] {
    const kept = this.#days.get('')?.user_table ?? []
    const ids = new Set(delivered.map(({ user_id }) => user_id))
    return [...kept.filter(({ user_id }) => !ids.has(user_id)), ...delivered]
  }
}

/** The rows of a delivery that are not rejected. */
function goodRows({ rows, bad }: Delivery, table: string): RawRow[] {
  return rows[table]!.filter((row) => !bad.has(row))
}
