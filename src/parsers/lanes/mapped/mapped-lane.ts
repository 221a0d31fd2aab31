import type { CellFault } from '../../../sources/cells/mapped-cell.ts'
import type { SourceRows } from '../../../sources/rows/source-rows.ts'
import { sourceRows, type TableSource, tableSource } from '../../../sources/table-source.ts'
import { MAX_RECORD_BYTES } from '../../records/record-walk.ts'
import type { RecordScanner } from '../fast/kernel/record-scanner.ts'
import { RecordCells } from '../fast/record-cells.ts'
import { fieldCountFault, type Lane, type LaneOptions, type LeftOut, type RecordFault } from '../lane.ts'
import { NOTHING_READABLE, ReadableCells } from '../readable-cells.ts'
import { halveQuotes, splitBySlowReader } from '../split-record.ts'
import { MappedColumn } from './mapped-column.ts'
import { SourceCells } from './source-cells.ts'

/**
 * The lane of tables whose records are judged before they are rows, or whose cells are made from others: it puts
 * the cells that are made behind those of the file, where they are read as any others are.
 */
export function mappedLane(options: LaneOptions): Lane {
  return new MappedLane(options)
}

interface FirstFault {
  /** The number of its column among those that are mapped. */
  readonly column: number
  readonly fault: CellFault
}

class MappedLane implements Lane {
  readonly #options: LaneOptions
  readonly #source: TableSource
  readonly #rows: SourceRows | undefined
  /** The field numbers of what the rows ask. */
  readonly #asked: readonly number[]
  readonly #columns: readonly MappedColumn[]
  readonly #cells: SourceCells
  readonly #reader: RecordCells
  readonly #readable: ReadableCells
  readonly #targets: readonly string[]

  constructor(options: LaneOptions) {
    const { table, header, rules, batch } = options
    this.#options = options
    this.#source = tableSource(table, rules)
    this.#rows = options.sourceRows ?? sourceRows(this.#source)
    const placeOf = (name: string) => header.names.indexOf(name)
    this.#asked = this.#source.rowColumns.map(placeOf)
    this.#columns = this.#source.columns.flatMap(({ target, mapper }, i) =>
      mapper === undefined || header.positions[i]! < 0
        ? []
        : [new MappedColumn(target, mapper, mapper.sources.map(placeOf))],
    )
    this.#cells = new SourceCells(header.fieldCount + this.#columns.length, batch)
    this.#reader = new RecordCells(options)
    this.#readable = new ReadableCells(options)
    this.#targets = Object.keys(table.columns)
  }

  read(start: number, scanner: RecordScanner): RecordFault | LeftOut | undefined {
    const { batch, form, header, scans } = this.#options
    const cells = this.#cells
    let count = scanner.fieldCount
    if (scanner.hasStrayQuote) {
      const split = splitBySlowReader(batch, start, scanner, form)
      if (split === undefined)
        return { column: undefined, reason: 'quote_in_unquoted_cell', cell: undefined, ...NOTHING_READABLE }
      count = split.fields.length
      cells.take(split.starts, split.ends, Math.min(count, header.fieldCount))
      scans?.record(batch.bytes, split.starts, split.ends, count)
    } else {
      if (scanner.hasDoubledQuote) halveQuotes(batch, scanner)
      cells.take(scanner.starts, scanner.ends, Math.min(count, header.fieldCount))
      scans?.record(batch.bytes, scanner.starts, scanner.ends, count)
    }
    const isWhole = count === header.fieldCount
    const judged = this.#rows === undefined ? undefined : this.#judge(this.#rows, isWhole)
    if (judged !== undefined) return judged
    if (!isWhole) return fieldCountFault(count, header.fieldCount)
    return this.#readCells()
  }

  /** Why a record is no row; what is carried into it stands in its cells. */
  #judge(rows: SourceRows, isWhole: boolean): LeftOut | RecordFault | undefined {
    const texts = this.#asked.map((field) => this.#cells.text(field))
    const given = [...texts]
    const reason = isWhole ? rows.judge(texts) : rows.judgeBroken(texts)
    if (reason !== undefined) return { leftOut: reason }
    const { batch, header } = this.#options
    const before = batch.addedBytes
    for (const [i, text] of texts.entries()) {
      if (text === given[i]) continue
      const field = this.#asked[i]!
      // What is carried comes from several records, and may be longer than one.
      if (batch.addedBytes - before + Buffer.byteLength(text) > MAX_RECORD_BYTES)
        return { column: header.names[field], reason: 'cell_too_long', cell: '', ...NOTHING_READABLE }
      this.#cells.write(field, text)
    }
    return undefined
  }

  #readCells(): RecordFault | undefined {
    const { batch, header } = this.#options
    const cells = this.#cells
    const place = this.#rows?.place ?? 1
    const before = batch.addedBytes
    let first: FirstFault | undefined
    for (let i = 0; i < this.#columns.length; i++) {
      const fault = this.#columns[i]!.write(batch, cells, header.fieldCount + i, place)
      if (fault !== undefined) first ??= { column: i, fault }
      if (batch.addedBytes - before > MAX_RECORD_BYTES) {
        first ??= { column: i, fault: { reason: 'cell_too_long' } }
        break
      }
    }
    const read = this.#reader.read(cells.starts, cells.ends)
    if (first === undefined) return read === undefined ? undefined : this.#shown(read)
    const { target } = this.#columns[first.column]!
    const isEarlier = read !== undefined && this.#orderOf(read.column) < this.#orderOf(target)
    if (isEarlier) return this.#shown(read)
    const parts = read ?? this.#readable.of(batch.bytes, cells.starts, cells.ends)
    const { day, worth } = parts
    return this.#shown({ column: target, reason: first.fault.reason, cell: '', day, worth })
  }

  #orderOf(column: string | undefined): number {
    return column === undefined ? -1 : this.#targets.indexOf(column)
  }

  /** A reject names the cell of the file, and its column there. */
  #shown(fault: RecordFault): RecordFault {
    const target = fault.column
    if (target === undefined) return fault
    const mapped = this.#columns.find((column) => column.target === target)
    if (mapped === undefined) {
      const { column = target } = this.#source.columns[this.#orderOf(target)] ?? {}
      return { ...fault, column, target }
    }
    const { mapper, places } = mapped
    const texts = places.map((field) => this.#cells.text(field))
    const blamed = mapper.blame(texts)
    if (blamed < 0) return { ...fault, target }
    return { ...fault, column: mapper.sources[blamed], cell: texts[blamed], target }
  }
}
