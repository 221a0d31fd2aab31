/**
 * Slots of a hash table with open addressing: two numbers side by side, so that a look costs one cache line.
 * The second is one more than the code: a new table is zeros.
 */
export const HASH = 0
export const NEXT_CODE = 1
export const EMPTY = 0

/** The same entries in room for as many as `places`, a power of two. */
export function resizedSlots(old: Int32Array, places: number): Int32Array<ArrayBuffer> {
  // Written to at once: pages of new memory that are first read are given twice by the system, and the second
  // time all processors are told. Slots are read before they are written, and anywhere.
  const slots = new Int32Array(places * 2).fill(0)
  const mask = places - 1
  for (let from = 0; from < old.length; from += 2) {
    if (old[from + NEXT_CODE] === EMPTY) continue
    let place = old[from + HASH]! & mask
    while (slots[place * 2 + NEXT_CODE] !== EMPTY) place = (place + 1) & mask
    slots[place * 2 + HASH] = old[from + HASH]!
    slots[place * 2 + NEXT_CODE] = old[from + NEXT_CODE]!
  }
  return slots
}

/** How many places, at least as many as there are, so many entries need to fill at most that share of them. */
export function placesFor(entries: number, share: number, places: number): number {
  let enough = places
  while (entries > enough * share) enough *= 2
  return enough
}
