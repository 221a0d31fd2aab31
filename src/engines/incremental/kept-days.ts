import type { DayReader, DictionaryOf } from '../../history/day-reader.ts'
import { DayReader as Reader } from '../../history/day-reader.ts'
import type { DayState, HistoryState } from '../../history/state.ts'
import type { HistoryStore } from '../../history/store.ts'
import { formatDay, parseDay } from '../../lib/wall-clock.ts'

/** The days of a history, each opened when it is first asked for. */
export class KeptDays {
  readonly #store: HistoryStore
  readonly #dictionaryOf: DictionaryOf
  readonly #states: ReadonlyMap<number, DayState>
  readonly #readers = new Map<number, DayReader>()
  readonly #undated: HistoryState['undated'] | undefined
  /** Places of rows whose key stands on an earlier date, too, by table and day. */
  readonly #shadowed = new Map<string, Set<number>>()

  /** @param state undefined if nothing is kept yet */
  constructor(store: HistoryStore, state: HistoryState | undefined, dictionaryOf: DictionaryOf) {
    this.#store = store
    this.#dictionaryOf = dictionaryOf
    this.#states = new Map(state?.days.map((day) => [parseDay(day.date)!, day]) ?? [])
    this.#undated = state?.undated
    for (const [date, table, place] of state?.shadowed ?? [])
      this.setShadowed(table, parseDay(date)!, place, true)
  }

  /** Ascending. */
  get days(): number[] {
    return [...this.#states.keys()]
  }

  state(day: number): DayState | undefined {
    return this.#states.get(day)
  }

  open(day: number): DayReader | undefined {
    const state = this.#states.get(day)
    if (state === undefined) return undefined
    let reader = this.#readers.get(day)
    if (reader === undefined) {
      reader = this.#store.openDay(state, this.#dictionaryOf)
      this.#readers.set(day, reader)
    }
    return reader
  }

  /** Forgets what was read of the days; they can be opened again. */
  closeAll(): void {
    this.#readers.clear()
  }

  openUndated(): DayReader | undefined {
    if (this.#undated === undefined) return undefined
    const { piece } = this.#undated
    return new Reader(undefined, this.#store.readAt(piece), piece, this.#dictionaryOf)
  }

  isShadowed(table: string, day: number, place: number): boolean {
    return this.shadowedPlaces(table, day)?.has(place) === true
  }

  shadowedPlaces(table: string, day: number): ReadonlySet<number> | undefined {
    return this.#shadowed.size === 0 ? undefined : this.#shadowed.get(`${table} ${day}`)
  }

  setShadowed(table: string, day: number, place: number, isShadowed: boolean): void {
    const key = `${table} ${day}`
    const places = this.#shadowed.get(key) ?? new Set()
    if (isShadowed) this.#shadowed.set(key, places.add(place))
    else places.delete(place)
  }

  /** Forgets about the rows of a day that others take the place of. */
  clearShadowed(day: number): void {
    for (const key of this.#shadowed.keys()) if (key.endsWith(` ${day}`)) this.#shadowed.delete(key)
  }

  /** As the state file holds them. */
  shadowed(): HistoryState['shadowed'] {
    const rows = [...this.#shadowed].flatMap(([key, places]) => {
      const [table, day] = key.split(' ') as [string, string]
      return [...places].map((place): [string, string, number] => [formatDay(Number(day)), table, place])
    })
    return rows.sort((a, b) => (a.join() < b.join() ? -1 : 1))
  }
}
