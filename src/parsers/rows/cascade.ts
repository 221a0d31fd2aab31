import { NO_CODE } from '../../collections/texts/dictionary.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import { keyDictionary, type RawTable, type SharedDictionary } from '../../raw/define.ts'
import type { FilterRules } from '../../rules/filters.ts'
import { NOT_FILTERED, numberOfReason } from '../accounting/accounting.ts'
import { cascadeColumns, cascadeReason, ownReasonColumns } from '../accounting/filter-columns.ts'

/**
 * Which rows are left out because they belong to a row that is. What is left out of one table decides about
 * later ones: tables must be judged in order, those that others refer to first, each as a whole.
 */
export class Cascades {
  readonly #excluded = new Map<SharedDictionary, Growing<Uint8Array>>()
  readonly #filters: FilterRules

  constructor(filters: FilterRules) {
    this.#filters = filters
  }

  forTable(table: RawTable): TableCascade {
    const owners = cascadeColumns(table, this.#filters).map(({ column, dictionary, reason }) => ({
      place: Object.keys(table.columns).indexOf(column),
      reason: numberOfReason(reason),
      excluded: this.#excludedOf(dictionary),
    }))
    const own = keyDictionary(table)
    const isOwner = cascadeReason(own, this.#filters) !== undefined
    return new TableCascade(owners, ownReasonColumns(table), isOwner ? this.#excludedOf(own!) : undefined)
  }

  #excludedOf(dictionary: SharedDictionary): Growing<Uint8Array> {
    const known = this.#excluded.get(dictionary) ?? new Growing(Uint8Array)
    this.#excluded.set(dictionary, known)
    return known
  }
}

interface Owner {
  /** The number of its column. */
  readonly place: number
  readonly reason: number
  /** By code of the id: 1 if what belongs to it is left out. */
  readonly excluded: Growing<Uint8Array>
}

/** Judges the rows of one table. */
export class TableCascade {
  readonly #owners: readonly Owner[]
  /** By reason; one that any column may give comes after all others. */
  readonly #ownPlaces: ReadonlyMap<number, number>
  readonly #excluded: Growing<Uint8Array> | undefined

  constructor(
    owners: readonly Owner[],
    ownPlaces: ReadonlyMap<number, number>,
    excluded: Growing<Uint8Array> | undefined,
  ) {
    this.#owners = owners
    this.#ownPlaces = ownPlaces
    this.#excluded = excluded
  }

  /**
   * Why a row is left out: the first reason in the order of its columns. What belongs to it will be, too.
   *
   * @param own the number of the reason that its own cells give, or NOT_FILTERED
   * @param ownerCodes by cascade column and row: the code of the id, or NO_CODE
   * @param key the code of the row's own key
   * @returns the number of the reason, or NOT_FILTERED
   */
  judge(own: number, ownerCodes: readonly Int32Array[], row: number, key: number): number {
    const reason = this.#reasonOf(own, ownerCodes, row)
    if (reason !== NOT_FILTERED && this.#excluded !== undefined) {
      this.#excluded.reserve(key + 1)
      this.#excluded.values[key] = 1
    }
    return reason
  }

  #reasonOf(own: number, ownerCodes: readonly Int32Array[], row: number): number {
    const ownPlace = this.#ownPlaces.get(own) ?? Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#owners.length; i++) {
      const { place, reason, excluded } = this.#owners[i]!
      if (place >= ownPlace) break
      const code = ownerCodes[i]![row]!
      if (code !== NO_CODE && excluded.values[code] === 1) return reason
    }
    return own
  }
}
