/**
 * Rows by a small whole number that each has: counted into their places, so that it takes two passes
 * whatever their number. Rows of equal numbers stay in the order given.
 *
 * @param lowest and `highest` of the numbers, which are not much further apart than there are rows
 * @param order the rows so far; by their numbers if left out
 * @returns the row at each place
 */
export function sortByCounting(
  values: Float64Array | Uint16Array,
  lowest: number,
  highest: number,
  order?: Int32Array,
): Int32Array {
  const next = new Int32Array(highest - lowest + 2)
  for (let row = 0; row < values.length; row++) next[values[row]! - lowest + 1]!++
  for (let value = 1; value < next.length; value++) next[value]! += next[value - 1]!
  const sorted = new Int32Array(values.length)
  for (let place = 0; place < sorted.length; place++) {
    const row = order === undefined ? place : order[place]!
    sorted[next[values[row]! - lowest]!++] = row
  }
  return sorted
}
