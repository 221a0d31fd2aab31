import { describe, expect, test } from 'vitest'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { Dictionary, dictionaryOf, NO_CODE } from '../../src/collections/texts/dictionary.ts'
import { NO_FLAG } from '../../src/collections/vectors.ts'
import { csvForm } from '../../src/outputs/csv/index.ts'
import { type AggregateTable, orderedTable } from '../../src/tables/aggregate-table.ts'
import { type AnyAggregate, NO_DAY, type OutputVector } from '../../src/tables/define.ts'
import { memoryOf, packTable, unpackTable } from '../../src/tables/packed-table.ts'

const TEXTS = dictionaryOf(['plain', '=1+1', 'a, "b"\n', 'Größe 😀', 'not in any row', ''])

/** A table with a column of each kind, and everything that is unusual in one. */
function table(): AggregateTable {
  const money = new ExactVector(4)
  for (const [row, value] of [2n ** 70n, -5, 0, -(2n ** 64n)].entries()) money.set(row, value)
  const ratio = new ExactVector(4)
  for (const [row, value] of [null, 3333, -1, 2n ** 60n].entries()) ratio.set(row, value)
  const columns: Record<string, OutputVector> = {
    id: { codes: Int32Array.of(0, 1, 2, 3), dictionary: TEXTS },
    text: { codes: Int32Array.of(NO_CODE, 3, 2, 1), dictionary: TEXTS },
    date: Int32Array.of(NO_DAY, 0, -1, 20_000),
    month: Int32Array.of(40, NO_DAY, 0, -400),
    count: Float64Array.of(Number.NaN, 0, 2 ** 53 - 1, -7),
    flag: Int8Array.of(NO_FLAG, 0, 1, 1),
    money,
    ratio,
  }
  const definition = {
    name: 'one',
    grain: '',
    key: ['id'],
    order: [{ column: 'money', descending: true }, { column: 'id' }],
    needs: {},
    columns: Object.fromEntries(Object.keys(columns).map((kind) => [kind, { kind, meaning: kind }])),
    aggregate: () => ({ rowCount: 0, columns: {} }),
  } as unknown as AnyAggregate
  return orderedTable(definition, { rowCount: 4, columns })
}

function csvOf(written: Parameters<typeof csvForm.writeRows>[0]): string {
  const pieces: Buffer[] = []
  csvForm.writeRows(written, { bom: true, escapeFormulas: true }, (bytes) => pieces.push(Buffer.from(bytes)))
  return Buffer.concat(pieces).toString('utf8')
}

/** Sends a table as it goes to another thread. */
function sent(given: AggregateTable, shared: ReadonlySet<ArrayBufferLike>) {
  const { packed, memory } = packTable({ ...given, shared })
  return unpackTable(structuredClone(packed, { transfer: memory }))
}

describe('a table that was sent to another thread', () => {
  test('is written as it would have been here', () => {
    expect(csvOf(sent(table(), new Set()))).toBe(csvOf(table()))
  })

  test('leaves what is kept as it is, and takes the rest away', () => {
    const given = table()
    const { flag, count, money, text } = given.columns
    const kept = new Set([memoryOf(flag!), memoryOf(money!)])
    const before = csvOf(given)
    expect(csvOf(sent(given, kept))).toBe(before)
    expect([...(flag as Int8Array)]).toEqual([NO_FLAG, 0, 1, 1])
    expect((money as ExactVector).get(0)).toBe(2n ** 70n)
    expect([(count as Float64Array).length, given.order.length]).toEqual([0, 0])
    expect((text as { codes: Int32Array }).codes.length).toBe(0)
  })

  test('may have one array in two columns', () => {
    const given = table()
    const columns = { ...given.columns, month: given.columns.date! }
    expect(csvOf(sent({ ...given, columns }, new Set()))).toBe(
      csvOf({ ...table(), columns: { ...table().columns, month: table().columns.date! } }),
    )
  })
})

describe('a dictionary that was shared', () => {
  test('can be read by the other thread, and grows here without the other seeing it', () => {
    const dictionary = dictionaryOf(['one', 'two'])
    const other = Dictionary.ofShared(structuredClone(dictionary.share()))
    expect(dictionary.encodeText('three')).toBe(2)
    expect([0, 1, 2].map((code) => dictionary.text(code))).toEqual(['one', 'two', 'three'])
    expect([dictionary.findText('two'), dictionary.findText('four')]).toEqual([1, NO_CODE])
    expect([other.size, other.text(0), other.text(1)]).toEqual([2, 'one', 'two'])
  })

  test('is not copied again, unless it has grown', () => {
    const dictionary = dictionaryOf(['one'])
    const { arena } = dictionary.share()
    expect(dictionary.share().arena).toBe(arena)
    dictionary.encodeText('two')
    const other = Dictionary.ofShared(dictionary.share())
    expect([other.size, other.text(1)]).toEqual([2, 'two'])
    expect([...other.ranks()]).toEqual([0, 1])
  })

  test('may be empty', () => {
    const dictionary = new Dictionary()
    expect(Dictionary.ofShared(dictionary.share()).size).toBe(0)
    expect(dictionary.encodeText('one')).toBe(0)
    expect(dictionary.text(0)).toBe('one')
  })
})
