import type { RawTable } from '../../raw/define.ts'
import type { TableSource } from '../../sources/table-source.ts'
import type { InputFile } from '../records/input-file.ts'
import type { RecordForm } from '../records/record-form.ts'

/** What a header is held against. */
export interface HeaderContext {
  readonly input: InputFile
  readonly table: RawTable
  /** Every raw table, to recognise a file that was put under another table's name. */
  readonly all: readonly RawTable[]
  readonly source: TableSource
  readonly form: RecordForm
}
