/** About how many values are numbered at a time: what is needed of them fits the caches. */
const AT_ONCE = 1 << 14
const EMPTY = 0

/** Values that are told apart by numbers which hold hashes of them, `stride` numbers a value. */
export interface HashedValues {
  readonly hashes: Int32Array
  readonly stride: number
  /** Which of a value's numbers puts it beside others, and which one is looked up among these. */
  readonly part: number
  readonly slot: number
  /** Whether the values at two places are the same; asked if the number that is looked up is. */
  readonly isSame: (a: number, b: number) => boolean
}

/**
 * Numbers values in bulk: the first of equal ones has its own place as its number, and all others have the
 * same. Values whose hashes begin alike are looked at together, so that each look-up finds its memory in the
 * caches: several times faster than a hash table of all.
 */
export function equalNumbers(values: HashedValues): Int32Array {
  const { hashes, stride, part: partAt, slot: slotAt } = values
  const count = hashes.length / stride
  const shift = 32 - partBits(count)
  const parts = 2 ** (32 - shift)
  const starts = new Int32Array(parts + 1)
  for (let i = partAt; i < hashes.length; i += stride) starts[(hashes[i]! >>> shift) + 1]!++
  let largest = 0
  for (let part = 0; part < parts; part++) {
    largest = Math.max(largest, starts[part + 1]!)
    starts[part + 1]! += starts[part]!
  }
  // The number that is looked up and the place, side by side.
  const sorted = new Int32Array(2 * count)
  const numbers = new Int32Array(count)
  const next = starts.slice(0, parts)
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    const to = next[hashes[at + partAt]! >>> shift]!++
    sorted[2 * to] = hashes[at + slotAt]!
    sorted[2 * to + 1] = i
    numbers[i] = i
  }
  const slots = new Int32Array(2 * slotsFor(largest))
  for (let part = 0; part < parts; part++)
    numberPart(sorted.subarray(2 * starts[part]!, 2 * starts[part + 1]!), slots, values.isSame, numbers)
  return numbers
}

/** How many bits of a hash tell parts apart. */
function partBits(count: number): number {
  return Math.max(1, Math.min(16, Math.ceil(Math.log2(Math.max(1, count / AT_ONCE)))))
}

/** A power of two, more than the values. */
function slotsFor(values: number): number {
  return 2 ** Math.ceil(Math.log2(values * 2 + 2))
}

/**
 * @param sorted pairs of a hash and a place, in the order of places
 * @param slots pairs of a hash and one more than the first place that has it
 */
function numberPart(
  sorted: Int32Array,
  slots: Int32Array,
  isSame: (a: number, b: number) => boolean,
  numbers: Int32Array,
): void {
  const places = slotsFor(sorted.length / 2)
  const last = 2 * places - 1
  slots.fill(EMPTY, 0, 2 * places)
  for (let i = 0; i < sorted.length; i += 2) {
    const hash = sorted[i]!
    const place = sorted[i + 1]!
    let slot = (2 * hash) & last
    while (slots[slot + 1] !== EMPTY && !(slots[slot] === hash && isSame(slots[slot + 1]! - 1, place)))
      slot = (slot + 2) & last
    if (slots[slot + 1] !== EMPTY) numbers[place] = slots[slot + 1]! - 1
    else {
      slots[slot] = hash
      slots[slot + 1] = place + 1
    }
  }
}
