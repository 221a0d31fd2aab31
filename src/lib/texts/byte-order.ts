import { sortByCounting } from '../numbers/counting-sort.ts'

/** Most strings of a run that is sorted by direct comparison. */
const SHORT_RUN = 24
/** Fewest strings of a run for which counting all pairs of bytes pays. */
const LONG_RUN = 1 << 15

/**
 * The place of each byte string in byte order (the order of UTF-8, which is not that of JavaScript's `<`).
 * Strings are all different and lie end to end: string i is bytes[starts[i]] to bytes[starts[i + 1]].
 * They hold no NUL byte.
 *
 * Sorts some bytes at a time. Strings that come in order, as ids that are numbered do, are only looked
 * through, and the others merged into them.
 *
 * @returns ranks: ranks[i] is the place of string i, from 0
 */
export function rankBytes(bytes: Uint8Array, starts: Float64Array, count: number): Int32Array {
  const sorted = new Float64Array(count)
  for (let i = 0; i < count; i++) sorted[i] = i
  const inOrder = orderedStart(bytes, starts, count)
  // Where few are in order, merging costs more than it saves.
  const from = inOrder * 2 > count ? inOrder : 0
  sortRuns(bytes, starts, sorted, from, count)
  const ranks = new Int32Array(count)
  let [first, second] = [0, from]
  for (let place = 0; place < count; place++) {
    const takesFirst =
      first < from && (second === count || compareAt(bytes, starts, first, sorted[second]!, 0) < 0)
    ranks[takesFirst ? first++ : sorted[second++]!] = place
  }
  return ranks
}

/** How many strings from the first on are in their order. */
function orderedStart(bytes: Uint8Array, starts: Float64Array, count: number): number {
  let ordered = Math.min(1, count)
  while (ordered < count && compareAt(bytes, starts, ordered - 1, ordered, 0) < 0) ordered++
  return ordered
}

/** Strings at places next to each other whose bytes are equal up to a depth. */
interface Run {
  readonly from: number
  readonly to: number
  readonly depth: number
}

/** Sorts the first run, then every run of strings whose bytes so far are equal. */
function sortRuns(
  bytes: Uint8Array,
  starts: Float64Array,
  all: Float64Array,
  from: number,
  to: number,
): void {
  const runs: Run[] = [{ from, to, depth: 0 }]
  for (let next = runs.pop(); next !== undefined; next = runs.pop()) {
    const size = next.to - next.from
    if (size <= SHORT_RUN) insertionSort(bytes, starts, all.subarray(next.from, next.to), next.depth)
    else if (size < LONG_RUN) sortByThree(bytes, starts, all, next, runs)
    else sortBySix(bytes, starts, all, next, runs)
  }
}

const NUMBERS = 2 ** 28

/** Sorts by three bytes: they and the string's number fit one float64, so the platform's sort does the work. */
function sortByThree(
  bytes: Uint8Array,
  starts: Float64Array,
  all: Float64Array,
  { from, to, depth }: Run,
  further: Run[],
): void {
  const run = all.subarray(from, to)
  for (let i = 0; i < run.length; i++) {
    const string = run[i]!
    run[i] = threeBytes(bytes, starts[string]! + depth, starts[string + 1]!) * NUMBERS + string
  }
  run.sort()
  const keys = run.map((packed) => Math.floor(packed / NUMBERS))
  for (let i = 0; i < run.length; i++) run[i] = run[i]! % NUMBERS
  addRuns({ from, to, depth: depth + 3 }, (a, b) => keys[a] === keys[b], further)
}

/** Sorts by six bytes: the strings are counted into their places by two at a time, the last two first. */
function sortBySix(
  bytes: Uint8Array,
  starts: Float64Array,
  all: Float64Array,
  { from, to, depth }: Run,
  further: Run[],
): void {
  const run = all.slice(from, to)
  const pairs = [0, 2, 4].map((skipped) => pairsOf(bytes, starts, run, depth + skipped))
  const [first, second, third] = pairs as [Uint16Array, Uint16Array, Uint16Array]
  let order = sortByCounting(third, 0, MOST_PAIR)
  order = sortByCounting(second, 0, MOST_PAIR, order)
  order = sortByCounting(first, 0, MOST_PAIR, order)
  for (let i = 0; i < run.length; i++) all[from + i] = run[order[i]!]!
  const isSame = (a: number, b: number) => {
    const [one, other] = [order[a]!, order[b]!]
    return first[one] === first[other] && second[one] === second[other] && third[one] === third[other]
  }
  addRuns({ from, to, depth: depth + 6 }, isSame, further)
}

/** Adds the runs within a sorted one that are the same up to its depth; those of one string need no sorting. */
function addRuns(
  { from, to, depth }: Run,
  isSame: (place: number, next: number) => boolean,
  further: Run[],
): void {
  let start = 0
  for (let place = 1; place <= to - from; place++) {
    if (place < to - from && isSame(place - 1, place)) continue
    if (place - start > 1) further.push({ from: from + start, to: from + place, depth })
    start = place
  }
}

const MOST_PAIR = 0xffff

/** Of each string of a run the two bytes from a depth on, 0 where it has ended. */
function pairsOf(bytes: Uint8Array, starts: Float64Array, run: Float64Array, depth: number): Uint16Array {
  const pairs = new Uint16Array(run.length)
  for (let i = 0; i < run.length; i++) {
    const at = starts[run[i]!]! + depth
    const end = starts[run[i]! + 1]!
    pairs[i] = ((at < end ? bytes[at]! : 0) << 8) | (at + 1 < end ? bytes[at + 1]! : 0)
  }
  return pairs
}

/** The next three bytes as a number, 0 where the string has ended. */
function threeBytes(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 <= end) return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
  return ((at < end ? bytes[at]! : 0) << 16) | ((at + 1 < end ? bytes[at + 1]! : 0) << 8)
}

function insertionSort(bytes: Uint8Array, starts: Float64Array, run: Float64Array, depth: number): void {
  for (let i = 1; i < run.length; i++) {
    const string = run[i]!
    let j = i - 1
    while (j >= 0 && compareAt(bytes, starts, run[j]!, string, depth) > 0) {
      run[j + 1] = run[j]!
      j--
    }
    run[j + 1] = string
  }
}

function compareAt(bytes: Uint8Array, starts: Float64Array, a: number, b: number, depth: number): number {
  let i = starts[a]! + depth
  let j = starts[b]! + depth
  const endA = starts[a + 1]!
  const endB = starts[b + 1]!
  for (; i < endA && j < endB; i++, j++) {
    const difference = bytes[i]! - bytes[j]!
    if (difference !== 0) return difference
  }
  return endA - i - (endB - j)
}

/**
 * Compares two texts by their UTF-8 bytes, which is the order of their code points. The `<` of JavaScript
 * puts emoji before the last letters of the basic plane.
 *
 * @example compareTexts('\uff5e', '\u{1F600}') → below 0, though '\uff5e' > '\u{1F600}'
 * @returns below 0, 0 or above 0 as a comes before b, is b or comes behind it
 */
export function compareTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const one = a.charCodeAt(i)
    const other = b.charCodeAt(i)
    if (one !== other) return ranked(one) - ranked(other)
  }
  return a.length - b.length
}

const FIRST_SURROGATE = 0xd800

/** Surrogates stand for code points above all that are one unit. */
function ranked(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
