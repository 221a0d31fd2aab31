/** A value that is gathered over the rows of a group. */
export interface Gathered<Row, Value> {
  readonly start: () => unknown
  readonly add: (state: unknown, row: Row) => unknown
  readonly end: (state: unknown) => Value
}

function gathered<Row, State, Value>(
  start: () => State,
  add: (state: State, row: Row) => State,
  end: (state: State) => Value,
): Gathered<Row, Value> {
  return { start, add: add as Gathered<Row, Value>['add'], end: end as Gathered<Row, Value>['end'] }
}

type Values<G> = { -readonly [K in keyof G]: G[K] extends Gathered<never, infer V> ? V : never }

/**
 * Rows by key, with what is gathered over each group, in order of first appearance.
 *
 * @param key the cells that make up the key of a row; undefined leaves the row out
 * @example groupBy(orders.rows(), (order) => ({ date: dateOf(order.time) }), { orders: rowCount(), revenue: sum((order) => order.total_price) })
 *   → [{ date: '2025-01-01', orders: 2, revenue: 1234500 }, …]
 */
export function groupBy<
  Row,
  Key extends Readonly<Record<string, string | number | boolean | null>>,
  G extends Readonly<Record<string, Gathered<Row, unknown>>>,
>(rows: Iterable<Row>, key: (row: Row) => Key | undefined, gather: G): (Key & Values<G>)[] {
  const names = Object.keys(gather)
  const groups = new Map<string, { readonly key: Key; readonly states: unknown[] }>()
  for (const row of rows) {
    const cells = key(row)
    if (cells === undefined) continue
    const id = JSON.stringify(Object.values(cells))
    let group = groups.get(id)
    if (group === undefined) {
      group = { key: cells, states: names.map((name) => gather[name]!.start()) }
      groups.set(id, group)
    }
    for (let i = 0; i < names.length; i++) group.states[i] = gather[names[i]!]!.add(group.states[i], row)
  }
  return [...groups.values()].map(({ key: cells, states }) => {
    const values = names.map((name, i) => [name, gather[name]!.end(states[i])] as const)
    return { ...cells, ...Object.fromEntries(values) } as Key & Values<G>
  })
}

/** How many rows. */
export function rowCount<Row>(): Gathered<Row, number> {
  return gathered(
    () => 0,
    (count: number, _row: Row) => count + 1,
    (count) => count,
  )
}

/**
 * The exact sum of whole numbers, such as money in ten-thousandths; null counts as 0.
 *
 * @throws RangeError if it is no whole number, or beyond 2^53
 */
export function sum<Row>(of: (row: Row) => number | null): Gathered<Row, number> {
  return gathered(
    () => 0,
    (total: number, row: Row) => {
      const next = total + (of(row) ?? 0)
      if (!Number.isSafeInteger(next)) throw new RangeError(`a sum of ${next} is not exact`)
      return next
    },
    (total) => total,
  )
}

/** How many different values; null is none. */
export function distinct<Row>(of: (row: Row) => string | number | null): Gathered<Row, number> {
  return gathered(
    () => new Set<string | number>(),
    (seen: Set<string | number>, row: Row) => {
      const value = of(row)
      if (value !== null) seen.add(value)
      return seen
    },
    (seen) => seen.size,
  )
}

/** The smallest value, null if there is none. */
export function smallest<Row>(of: (row: Row) => number | null): Gathered<Row, number | null> {
  return extreme(of, (value, best) => value < best)
}

/** The greatest value, null if there is none. */
export function greatest<Row>(of: (row: Row) => number | null): Gathered<Row, number | null> {
  return extreme(of, (value, best) => value > best)
}

function extreme<Row>(
  of: (row: Row) => number | null,
  isBetter: (value: number, best: number) => boolean,
): Gathered<Row, number | null> {
  return gathered(
    () => null as number | null,
    (best: number | null, row: Row) => {
      const value = of(row)
      return value !== null && (best === null || isBetter(value, best)) ? value : best
    },
    (best) => best,
  )
}
