import type { KindName } from '../raw/kinds.ts'
import { NO_CODE } from './dictionary.ts'
import { NO_FLAG, NO_INTEGER, type TextVector, type Vector } from './vectors.ts'

/** A cell of a row as it is read one by one; null if it is empty. */
export type CellValue = string | number | null

/** A column of a collection with the kind of its cells. */
export interface ViewColumn {
  readonly kind: KindName
  readonly vector: Vector
}

/**
 * A way of reading a collection row by row. Each row is a small object whose cells are read when they are
 * asked for; it holds nothing but its number.
 */
export class RowView {
  readonly rowCount: number
  readonly #rowClass: new (
    row: number,
  ) => Readonly<Record<string, CellValue>>
  readonly #keys: TextVector | undefined
  #rowOfKey: Int32Array | undefined

  /** @param key the column that tells rows apart, if it is among the columns */
  constructor(rowCount: number, columns: Readonly<Record<string, ViewColumn>>, key: string) {
    this.rowCount = rowCount
    this.#rowClass = rowClass(columns)
    const vector = columns[key]?.vector
    this.#keys = vector !== undefined && 'codes' in vector ? vector : undefined
  }

  *rows(): Generator<Readonly<Record<string, CellValue>>> {
    for (let row = 0; row < this.rowCount; row++) yield new this.#rowClass(row)
  }

  /** Whether rows can be found by their key. */
  get hasKey(): boolean {
    return this.#keys !== undefined
  }

  /** The row with a key, the first if repeated keys are kept; undefined if there is none. */
  find(key: string | null): Readonly<Record<string, CellValue>> | undefined {
    if (key === null || this.#keys === undefined) return undefined
    const { dictionary, codes } = this.#keys
    if (this.#rowOfKey === undefined) {
      this.#rowOfKey = new Int32Array(dictionary.size).fill(-1)
      for (let row = this.rowCount - 1; row >= 0; row--) this.#rowOfKey[codes[row]!] = row
    }
    const bytes = Buffer.from(key, 'utf8')
    const code = dictionary.find(bytes, 0, bytes.length)
    const row = code === NO_CODE ? -1 : (this.#rowOfKey[code] ?? -1)
    return row < 0 ? undefined : new this.#rowClass(row)
  }
}

/** A class whose instances are rows: getters on the prototype, one number of their own. */
function rowClass(
  columns: Readonly<Record<string, ViewColumn>>,
): new (
  row: number,
) => Readonly<Record<string, CellValue>> {
  class Row {
    readonly #row: number

    constructor(row: number) {
      this.#row = row
    }

    static at(row: Row): number {
      return row.#row
    }
  }
  for (const [name, column] of Object.entries(columns)) {
    const read = cellReader(column)
    Object.defineProperty(Row.prototype, name, {
      enumerable: true,
      get(this: Row) {
        return read(Row.at(this))
      },
    })
  }
  return Row as unknown as new (
    row: number,
  ) => Readonly<Record<string, CellValue>>
}

function cellReader({ kind, vector }: ViewColumn): (row: number) => CellValue {
  if ('codes' in vector) return textReader(vector)
  const nullValue =
    kind === 'flag' ? NO_FLAG : kind === 'integer' || kind === 'percent' ? NO_INTEGER : Number.NaN
  return (row) => {
    const value = vector[row]!
    return Object.is(value, nullValue) ? null : value
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
