import { createReadStream } from 'node:fs'
import { openRegular } from '../../lib/files/regular-file.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { RecordReader } from '../../parsers/records/record-reader.ts'

/** What a published CSV holds, as far as its cells alone tell. */
export interface PublishedTable {
  readonly columns: readonly string[]
  readonly rows: number
  /** Sums of the columns asked for, in ten-thousandths. */
  readonly sums: ReadonlyMap<string, Whole>
  /** Rows by text of the columns asked for. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** First and last text of the date column, if it has one, in byte order. */
  readonly firstDate: string | undefined
  readonly lastDate: string | undefined
}

export interface ReadOptions {
  readonly path: string
  /** Columns to add up; empty cells count as 0. */
  readonly sum: readonly string[]
  /** Columns whose texts are counted; meant for few different texts. */
  readonly count: readonly string[]
}

/** The most fields a table of ours has; further ones are only counted. */
const MAX_FIELDS = 256

/**
 * Reads a published CSV as a stream.
 *
 * @throws Error if a cell that should be added up is not a number; GrammarFault; errors of the file system
 */
export async function readAggregate(options: ReadOptions): Promise<PublishedTable> {
  let columns: string[] | undefined
  let rows = 0
  let firstDate: string | undefined
  let lastDate: string | undefined
  const sums = new Map<string, Whole>(options.sum.map((name) => [name, 0]))
  const counts = new Map(options.count.map((name) => [name, new Map<string, number>()]))
  const reader = new RecordReader(MAX_FIELDS, {
    record(bytes, _start, scanner, line) {
      const cell = (i: number) =>
        Buffer.from(bytes.subarray(scanner.starts[i]!, scanner.ends[i]!)).toString('utf8')
      if (columns === undefined) {
        columns = Array.from({ length: scanner.fieldCount }, (_, i) => cell(i))
        return true
      }
      if (scanner.fieldCount !== columns.length)
        throw new Error(`line ${line} has ${scanner.fieldCount} cells`)
      rows++
      for (const [name, sum] of sums)
        sums.set(name, add(sum, tenThousandthsOf(cell(columns.indexOf(name)), name, line)))
      for (const [name, texts] of counts) {
        const text = cell(columns.indexOf(name))
        texts.set(text, (texts.get(text) ?? 0) + 1)
      }
      const dateColumn = columns.indexOf('date')
      if (dateColumn >= 0) {
        const date = cell(dateColumn)
        if (firstDate === undefined || date < firstDate) firstDate = date
        if (lastDate === undefined || date > lastDate) lastDate = date
      }
      return true
    },
    oversized(line) {
      throw new Error(`line ${line} is longer than any that was written`)
    },
  })
  for await (const chunk of createReadStream(options.path, {
    fd: openRegular(options.path),
    highWaterMark: 1 << 20,
  }))
    reader.push(chunk as Buffer)
  reader.finish()
  return { columns: columns ?? [], rows, sums, counts, firstDate, lastDate }
}

/** A cell of up to four decimals; beyond the bounds of raw money, digits as they are. */
function tenThousandthsOf(cell: string, column: string, line: number): Whole {
  if (cell === '') return 0
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(cell)
  if (match === null) throw new Error(`line ${line}: ${column} is not a number`)
  const value = BigInt(`${match[1]}${match[2]}${(match[3] ?? '').padEnd(4, '0')}`)
  return add(value, 0)
}
