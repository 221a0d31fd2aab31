import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { FileSink } from '../../lib/files/file-sink.ts'
import { asIoError, ensureFolder, fsyncFolder } from '../../lib/files/fs-safe.ts'
import { rawTables, type UsualRawTableName } from '../../raw/index.ts'

const FLUSH_AT = 1 << 18
const FIRST_ROWS = 20
const FILE_MODE = 0o644

/** One raw table being written: rows are joined to large pieces, and none is kept. */
export class Sheet {
  readonly path: string
  rows = 0
  /** The first few rows, to be repeated as duplicates. */
  readonly firstRows: string[] = []
  readonly #sink: FileSink
  #text: string

  constructor(folder: string, table: UsualRawTableName) {
    this.path = join(folder, `${table}.csv`)
    const temporary = join(folder, `.${table}.csv.${process.pid}.tmp`)
    rmSync(temporary, { force: true })
    this.#sink = new FileSink(temporary, FILE_MODE)
    this.#text = `${Object.keys(rawTables[table].columns).join(',')}\n`
  }

  get bytes(): number {
    return this.#sink.bytes
  }

  /** One row with its line end. */
  add(row: string): void {
    if (this.rows++ < FIRST_ROWS) this.firstRows.push(row)
    this.#text += row
    if (this.#text.length > FLUSH_AT) this.#flush()
  }

  /** Bytes as they are; the caller counts the rows in them. */
  addBytes(bytes: Uint8Array, rows: number): void {
    this.#flush()
    this.rows += rows
    this.#sink.write(bytes)
  }

  /** Forces everything to disk under the temporary name. */
  finish(): void {
    this.#flush()
    this.#sink.finish()
  }

  /** Puts the file in place, instead of whatever was there in either form. */
  publish(): void {
    renameSync(this.#sink.path, this.path)
    rmSync(`${this.path}.gz`, { force: true })
  }

  /** Removes what was written; does nothing once it is in place. */
  discard(): void {
    this.#sink.close()
    rmSync(this.#sink.path, { force: true })
  }

  #flush(): void {
    if (this.#text === '') return
    this.#sink.write(Buffer.from(this.#text, 'utf8'))
    this.#text = ''
  }
}

export type Sheets = Readonly<Record<UsualRawTableName, Sheet>>

/** A file as it was written. */
export interface WrittenFile {
  readonly name: string
  readonly rows: number
  readonly bytes: number
}

/**
 * Lets `write` fill the eight sheets and puts them in place together; if it fails, nothing stays behind.
 *
 * @throws KnownError cannot_create_folder, cannot_create (create) or write_failed (io), and what `write` throws
 */
export async function writeSheets(
  folder: string,
  write: (sheets: Sheets) => Promise<void>,
): Promise<WrittenFile[]> {
  ensureFolder(folder, 0o755, 'sample folder', '--output')
  const opened: Sheet[] = []
  try {
    const sheets = {} as Record<UsualRawTableName, Sheet>
    for (const table of Object.keys(rawTables) as UsualRawTableName[]) {
      sheets[table] = new Sheet(folder, table)
      opened.push(sheets[table])
    }
    await write(sheets)
    for (const sheet of opened) sheet.finish()
    for (const sheet of opened) sheet.publish()
    fsyncFolder(folder)
  } catch (error) {
    for (const sheet of opened) sheet.discard()
    throw asIoError(error, folder)
  }
  return opened.map(({ path, rows, bytes }) => ({ name: basename(path), rows, bytes }))
}

/** Whether the folder holds one of the raw tables, in either form. */
export function holdsRawTables(folder: string): boolean {
  return Object.keys(rawTables).some((table) =>
    [`${table}.csv`, `${table}.csv.gz`].some((name) => existsSync(join(folder, name))),
  )
}
