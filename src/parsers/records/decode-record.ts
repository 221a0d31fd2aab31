import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'

/**
 * The fields of one record, by csv-parse: the authority for whatever is not plainly split. All line ends
 * are given, since csv-parse otherwise keeps a CR on the last column of files with mixed ones.
 *
 * @param record one whole record without its line end
 * @param delimiter the character between fields
 * @returns the fields as they stand in the file, or undefined if a quote stands inside an unquoted cell
 */
export function decodeRecord(record: string, delimiter = ','): string[] | undefined {
  try {
    const [fields] = parse(record, {
      delimiter,
      quote: '"',
      escape: '"',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
    }) as string[][]
    return fields ?? ['']
  } catch (error) {
    if (error instanceof CsvError && error.code === 'INVALID_OPENING_QUOTE') return undefined
    throw error
  }
}
