import { MONEY_SCALE } from '../lib/numbers/exact.ts'
import type { KindName } from '../raw/kinds.ts'
import { NO_CODE } from './texts/dictionary.ts'
import { NO_FLAG, NO_INTEGER, type TextVector, type Vector } from './vectors.ts'

/** A cell of a row as it is read one by one; null if it is empty. */
export type CellValue = string | number | null

/** A column of a collection with the kind of its cells. */
export interface ViewColumn {
  readonly kind: KindName
  readonly vector: Vector
}

export type Row = Readonly<Record<string, CellValue>>

/** A way of reading a collection row by row; rows are made as they are asked for, and nobody keeps them. */
export class RowView {
  readonly rowCount: number
  readonly #rowAt: (row: number) => Row
  readonly #keys: TextVector | undefined
  #rowOfKey: Int32Array | undefined

  /** @param key the column that tells rows apart, if it is among the columns */
  constructor(rowCount: number, columns: Readonly<Record<string, ViewColumn>>, key: string) {
    this.rowCount = rowCount
    this.#rowAt = rowMaker(columns)
    const vector = columns[key]?.vector
    this.#keys = vector !== undefined && 'codes' in vector ? vector : undefined
  }

  *rows(): Generator<Row> {
    for (let row = 0; row < this.rowCount; row++) yield this.#rowAt(row)
  }

  /** Whether rows can be found by their key. */
  get hasKey(): boolean {
    return this.#keys !== undefined
  }

  /** The row with a key, the first if repeated keys are kept; undefined if there is none. */
  find(key: string | null): Row | undefined {
    if (key === null || this.#keys === undefined) return undefined
    const { dictionary, codes } = this.#keys
    if (this.#rowOfKey === undefined) {
      this.#rowOfKey = new Int32Array(dictionary.size).fill(-1)
      for (let row = this.rowCount - 1; row >= 0; row--) this.#rowOfKey[codes[row]!] = row
    }
    const code = dictionary.findText(key)
    const row = code === NO_CODE ? -1 : (this.#rowOfKey[code] ?? -1)
    return row < 0 ? undefined : this.#rowAt(row)
  }
}

/** Makes rows: plain objects, all with the same properties in the same order, which keeps them cheap. */
function rowMaker(columns: Readonly<Record<string, ViewColumn>>): (row: number) => Row {
  const names = Object.keys(columns)
  const readers = names.map((name) => cellReader(columns[name]!))
  return (row) => {
    const cells: Record<string, CellValue> = {}
    for (let i = 0; i < names.length; i++) cells[names[i]!] = readers[i]!(row)
    return cells
  }
}

function cellReader({ kind, vector }: ViewColumn): (row: number) => CellValue {
  if ('codes' in vector) return textReader(vector)
  const nullValue =
    kind === 'flag' ? NO_FLAG : kind === 'integer' || kind === 'percent' ? NO_INTEGER : Number.NaN
  // Quantities are given to people's code as they count: 0.5 is half a kilo.
  const scale = kind === 'quantity' ? MONEY_SCALE : 1
  return (row) => {
    const value = vector[row]!
    return Object.is(value, nullValue) ? null : value / scale
  }
}

/** Each text is made once, since rows share most of them. */
function textReader({ codes, dictionary }: TextVector): (row: number) => string | null {
  const texts: (string | undefined)[] = []
  return (row) => {
    const code = codes[row]!
    if (code === NO_CODE) return null
    const known = texts[code]
    if (known !== undefined) return known
    const text = dictionary.text(code)
    texts[code] = text
    return text
  }
}
