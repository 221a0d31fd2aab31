import { join } from 'node:path'
import { KnownError } from '../../lib/errors.ts'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Rules } from '../../rules/rules.ts'
import { byteSteps } from '../../sources/bytes/byte-steps.ts'
import { EncodingFault } from '../../sources/bytes/encoding-fault.ts'
import { findFiles } from '../../sources/files/find-files.ts'
import { globsOf, sourceRows, sourcesOf, type TableSource, tableSource } from '../../sources/table-source.ts'
import { GrammarFault } from '../lanes/fast/kernel/record-scanner.ts'
import { decodeRecord } from '../records/decode-record.ts'
import { type FileSample, sampleFile } from '../records/file-sample.ts'
import { type RecordForm, recordFormOf } from '../records/record-form.ts'
import { RecordReader } from '../records/record-reader.ts'

/** The first rows of a table, as the shop's settings make them from its first file. */
export interface MappedRows {
  readonly table: string
  /** Relative to the input folder. */
  readonly file: string
  /** The columns that the settings name, or that the file has. */
  readonly columns: readonly { readonly target: string; readonly from: string }[]
  /** Each with the cells of these columns; a cell that cannot be made says why, in parentheses. */
  readonly rows: readonly (readonly string[])[]
}

/** How many rows are shown. */
const ROWS = 3
/** How much of a file is looked at for them. */
const LOOKED_AT = { head: 64 * 1024, part: 0 }

/** A file that cannot be opened has no rows here; the run itself says why. */
async function sampled(path: string): Promise<FileSample | undefined> {
  try {
    return await sampleFile(path, LOOKED_AT)
  } catch (error) {
    if (error instanceof KnownError) return undefined
    throw error
  }
}

/**
 * The first rows of each table whose columns the settings name, for people: nothing is counted, and no kind is
 * checked. Pays for itself alone: a run reads its files as if nobody had looked.
 *
 * @param folder the input folder
 */
export async function mappedRows(
  folder: string,
  tables: readonly RawTable[],
  rules: Rules,
): Promise<MappedRows[]> {
  const all: MappedRows[] = []
  for (const table of tables) {
    const source = tableSource(table, rules)
    const [file] = source.columns.some(({ isNamed }) => isNamed)
      ? findFiles(folder, globsOf(rules, table.name))
      : []
    if (file === undefined) continue
    const sample = await sampled(join(folder, file))
    if (sample === undefined) continue
    const [names, ...records] = recordsIn(sample.head, sample.isWhole, recordFormOf(rules, table.name))
    if (names !== undefined) all.push({ table: table.name, file, ...rowsOf(source, names, records) })
  }
  return all
}

function recordsIn(head: Uint8Array, isWhole: boolean, form: RecordForm): string[][] {
  const records: string[][] = []
  const delimiter = String.fromCharCode(form.delimiter)
  const reader = new RecordReader(
    0,
    {
      record(bytes, start, scanner) {
        const text = Buffer.from(bytes.subarray(start, scanner.recordEnd)).toString('utf8')
        const fields = decodeRecord(text, delimiter)
        if (fields !== undefined) records.push(fields.map(trimBlanks))
        return true
      },
      oversized: () => true,
    },
    undefined,
    undefined,
    form,
  )
  try {
    const steps = byteSteps(form)
    reader.push(steps === undefined ? head : steps.push(head))
    if (steps !== undefined && isWhole) reader.push(steps.finish())
    if (isWhole) reader.finish()
  } catch (error) {
    if (!(error instanceof GrammarFault || error instanceof EncodingFault)) throw error
  }
  return records
}

function rowsOf(
  source: TableSource,
  names: readonly string[],
  records: readonly string[][],
): Pick<MappedRows, 'columns' | 'rows'> {
  const places = new Map(names.map((name, place) => [name, place]))
  const cell = (record: readonly string[], name: string) => record[places.get(name) ?? -1] ?? ''
  const shown = source.columns.filter((column) => column.isNamed || places.has(sourcesOf(column)[0] ?? ''))
  const judge = sourceRows(source)
  const rows: string[][] = []
  for (const record of records) {
    if (rows.length === ROWS) break
    if (record.length !== names.length) {
      judge?.judgeBroken(source.rowColumns.map((name) => cell(record, name)))
      continue
    }
    const asked = source.rowColumns.map((name) => cell(record, name))
    if (judge?.judge(asked) !== undefined) continue
    for (const [i, name] of source.rowColumns.entries()) {
      const place = places.get(name)
      if (place !== undefined) record[place] = asked[i] ?? ''
    }
    rows.push(
      shown.map(({ column, mapper }) => {
        if (mapper === undefined) return cell(record, column ?? '')
        const sources = mapper.sources.map((name) => cell(record, name))
        const mapped = mapper.map(sources, judge?.place ?? 1)
        return typeof mapped === 'string' ? mapped : `(${mapped.reason})`
      }),
    )
  }
  const columns = shown.map((column) => ({ target: column.target, from: sourcesOf(column).join(', ') }))
  return { columns, rows }
}
