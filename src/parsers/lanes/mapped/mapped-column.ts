import { Dictionary } from '../../../collections/texts/dictionary.ts'
import { Growing } from '../../../lib/numbers/growing.ts'
import type { CellMapper } from '../../../sources/cells/cell-mapper.ts'
import type { CellFault, MappedCell } from '../../../sources/cells/mapped-cell.ts'
import type { RecordBatch } from '../../batch/record-batch.ts'
import type { SourceCells } from './source-cells.ts'

/** Most different texts of a column that are remembered. */
const MOST_TEXTS = 1 << 15
/** Longest text that is remembered, and most bytes of all that texts became. */
const LONGEST = 4096
const MOST_BYTES = 1 << 24
/** What a remembered text became: bytes in the memory, what it was itself, or a fault. */
const ITSELF = -1
const FAULT = -2

/** Makes the cells of one column from those of the source file. What a text became is remembered. */
export class MappedColumn {
  readonly target: string
  readonly mapper: CellMapper
  /** The field numbers of its sources. */
  readonly places: readonly number[]
  readonly #remembers: boolean
  #texts = new Dictionary()
  /** By code: length of the bytes, or ITSELF or FAULT. */
  readonly #lengths = new Growing(Int32Array)
  /** By code: where the bytes start, or the number of the fault. */
  readonly #starts = new Growing(Int32Array)
  readonly #bytes = new Growing(Uint8Array)
  readonly #faults: CellFault[] = []
  #asked = 0
  #hasGivenUp = false

  constructor(target: string, mapper: CellMapper, places: readonly number[]) {
    this.target = target
    this.mapper = mapper
    this.places = places
    this.#remembers = places.length === 1 && !mapper.usesPlace
  }

  /**
   * Puts the cell of the record at hand into field `field` of the cells.
   *
   * @param place of the record among those of its key
   * @returns why it is refused; then the field is empty
   */
  write(batch: RecordBatch, cells: SourceCells, field: number, place: number): CellFault | undefined {
    if (this.#remembers && !this.#hasGivenUp) return this.#writeRemembered(batch, cells, field)
    return put(cells, field, this.#map(cells, place))
  }

  #map(cells: SourceCells, place: number): MappedCell {
    return this.mapper.map(
      this.places.map((at) => cells.text(at)),
      place,
    )
  }

  #writeRemembered(batch: RecordBatch, cells: SourceCells, field: number): CellFault | undefined {
    const from = this.places[0]!
    cells.trim(from)
    const [start, end] = [cells.starts[from]!, cells.ends[from]!]
    if (end - start > LONGEST) return put(cells, field, this.#map(cells, 1))
    if (this.#texts.size >= MOST_TEXTS || this.#bytes.length >= MOST_BYTES) this.#forget()
    this.#asked++
    const code = this.#texts.encode(batch.bytes, start, end)
    if (code === this.#lengths.length) this.#remember(cells.text(from), this.#map(cells, 1))
    const length = this.#lengths.values[code]!
    if (length === FAULT) {
      cells.clear(field)
      return this.#faults[this.#starts.values[code]!]
    }
    if (length === ITSELF) cells.set(field, start, end)
    else {
      const at = this.#starts.values[code]!
      const to = batch.addMapped(this.#bytes.values, at, length)
      cells.set(field, to, to + length)
    }
    return undefined
  }

  #remember(text: string, mapped: MappedCell): void {
    if (typeof mapped === 'object') {
      this.#starts.push(this.#faults.push(mapped) - 1)
      this.#lengths.push(FAULT)
    } else if (mapped === text) {
      this.#starts.push(0)
      this.#lengths.push(ITSELF)
    } else {
      const bytes = Buffer.from(mapped, 'utf8')
      this.#starts.push(this.#bytes.length)
      this.#lengths.push(bytes.length)
      this.#bytes.append(bytes, bytes.length)
    }
  }

  /** Begins anew; a column whose texts hardly repeat is remembered no more. */
  #forget(): void {
    this.#hasGivenUp = this.#asked < 2 * this.#texts.size
    this.#texts = new Dictionary()
    for (const list of [this.#lengths, this.#starts, this.#bytes]) list.length = 0
    this.#faults.length = 0
    this.#asked = 0
  }
}

function put(cells: SourceCells, field: number, mapped: MappedCell): CellFault | undefined {
  if (typeof mapped === 'object') {
    cells.clear(field)
    return mapped
  }
  cells.write(field, mapped)
  return undefined
}
