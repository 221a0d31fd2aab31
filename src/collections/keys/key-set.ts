import { Dictionary } from '../texts/dictionary.ts'
import { EMPTY, HASH, NEXT_CODE, placesFor, resizedSlots } from '../texts/hash-slots.ts'
import { LOOK_UPS } from '../texts/text-cells.ts'
import { KEY_HASH, KEY_NUMBERS, type KeyCells } from './key-cells.ts'

/** Keys are kept in blocks, so that growing copies nothing. */
const BLOCK_BITS = 14
const BLOCK_MASK = (1 << BLOCK_BITS) - 1
/** Share of the places of its slots. */
const MOST_FILLED = 3 / 4

/**
 * Keys to small integers, in order of first appearance, for keys that nobody reads back. A UUID as most
 * systems write it (36 characters, lower case) is kept in 16 bytes; other keys are kept as they are.
 */
export class KeySet {
  /** Four numbers a UUID, by code; unused at the codes of other keys. */
  readonly #blocks: Int32Array[] = []
  #slots = new Int32Array(1024)
  #mask = 511
  #size = 0
  #uuids = 0
  readonly #others = new Dictionary()
  /** By code in `others`: the code of the key. */
  readonly #codeOfOther: number[] = []
  /** Only there so that memory is fetched. */
  #fetched = 0

  /** How many different keys it holds; their codes are 0 to size − 1. */
  get size(): number {
    return this.#size
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    const places = placesFor(keys, MOST_FILLED, this.#mask + 1)
    if (places > this.#mask + 1) this.#resize(places)
  }

  /** Puts the codes of keys, none of which is null, into `codes` from `at` on; new ones if they have none yet. */
  encodeCells(cells: KeyCells, codes: Int32Array, at: number): void {
    for (let from = 0; from < cells.count; from += LOOK_UPS)
      this.#encodeSome(cells, from, Math.min(from + LOOK_UPS, cells.count), codes, at)
  }

  #encodeSome(cells: KeyCells, from: number, to: number, codes: Int32Array, at: number): void {
    const { bytes, starts, ends, isUuid, numbers } = cells
    this.#fetch(numbers, from, to)
    for (let row = from; row < to; row++)
      codes[at + row] =
        isUuid[row] === 1
          ? this.#encodeUuid(numbers, row * KEY_NUMBERS)
          : this.#encodeOther(bytes, starts[row]!, ends[row]!)
  }

  #encodeOther(bytes: Uint8Array, start: number, end: number): number {
    const other = this.#others.encode(bytes, start, end)
    if (other === this.#codeOfOther.length) this.#codeOfOther.push(this.#size++)
    return this.#codeOfOther[other]!
  }

  /** Has the slots of all UUIDs at hand fetched at once. */
  #fetch(numbers: Int32Array, from: number, to: number): void {
    const slots = this.#slots
    const mask = this.#mask
    let sum = 0
    for (let row = from; row < to; row++)
      sum ^= slots[(numbers[row * KEY_NUMBERS + KEY_HASH]! & mask) * 2 + NEXT_CODE]!
    this.#fetched ^= sum
  }

  /** The code of the UUID whose numbers stand at `at`. */
  #encodeUuid(numbers: Int32Array, at: number): number {
    const hash = numbers[at + KEY_HASH]!
    const slots = this.#slots
    const mask = this.#mask
    let place = hash & mask
    for (;;) {
      const next = slots[place * 2 + NEXT_CODE]!
      if (next === EMPTY) break
      if (slots[place * 2 + HASH] === hash && this.#isKept(next - 1, numbers, at)) return next - 1
      place = (place + 1) & mask
    }
    const code = this.#size++
    this.#keep(code, numbers, at)
    slots[place * 2 + HASH] = hash
    slots[place * 2 + NEXT_CODE] = code + 1
    if (++this.#uuids > (mask + 1) * MOST_FILLED) this.#resize((mask + 1) * 2)
    return code
  }

  #isKept(code: number, numbers: Int32Array, at: number): boolean {
    const block = this.#blocks[code >> BLOCK_BITS]!
    const kept = (code & BLOCK_MASK) * 4
    return (
      block[kept] === numbers[at] &&
      block[kept + 1] === numbers[at + 1] &&
      block[kept + 2] === numbers[at + 2] &&
      block[kept + 3] === numbers[at + 3]
    )
  }

  #keep(code: number, numbers: Int32Array, at: number): void {
    const number = code >> BLOCK_BITS
    while (this.#blocks.length <= number) this.#blocks.push(new Int32Array(4 << BLOCK_BITS))
    const block = this.#blocks[number]!
    const kept = (code & BLOCK_MASK) * 4
    for (let i = 0; i < 4; i++) block[kept + i] = numbers[at + i]!
  }

  #resize(places: number): void {
    this.#slots = resizedSlots(this.#slots, places)
    this.#mask = places - 1
  }
}
