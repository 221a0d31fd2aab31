import { Dictionary, type Encoder } from '../../collections/texts/dictionary.ts'
import { HashedIds } from '../../collections/texts/hashed-ids.ts'
import { keyedHash } from '../../lib/texts/keyed-hash.ts'
import type { RawColumn, RawTable, SharedDictionary } from '../../raw/define.ts'

/** The encoders of the ids and names that join tables; ids that are to be hashed have one that hashes. */
export class Encoders {
  readonly #shared = new Map<SharedDictionary, Encoder>()
  readonly #hashed: ReadonlySet<SharedDictionary>

  /** @param hashed the ids that are replaced by their hashes under the key */
  constructor(tables: readonly RawTable[], hashed: readonly SharedDictionary[], key: Uint8Array | undefined) {
    this.#hashed = new Set(hashed)
    for (const table of tables) {
      for (const { dictionary } of Object.values(table.columns)) {
        if (dictionary === undefined || this.#shared.has(dictionary)) continue
        this.#shared.set(dictionary, this.#hashed.has(dictionary) ? hashing(key) : new Dictionary())
      }
    }
  }

  /** Whether cells may not be shown, since each might be an id that is to be hashed. */
  get hides(): boolean {
    return this.#hashed.size > 0
  }

  /** Whether the ids of a shared dictionary are replaced by their hashes. */
  isHashed(dictionary: SharedDictionary | undefined): boolean {
    return dictionary !== undefined && this.#hashed.has(dictionary)
  }

  /** The encoder of a column: that of its shared dictionary, or a new one. */
  of(column: RawColumn): Encoder {
    return this.shared(column.dictionary) ?? new Dictionary()
  }

  shared(dictionary: SharedDictionary | undefined): Encoder | undefined {
    return dictionary === undefined ? undefined : this.#shared.get(dictionary)
  }
}

function hashing(key: Uint8Array | undefined): Encoder {
  if (key === undefined) throw new Error('ids are to be hashed, but there is no key')
  return new HashedIds(keyedHash(key))
}
