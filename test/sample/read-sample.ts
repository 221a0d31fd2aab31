import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Row = Readonly<Record<string, string>>

/** The rows of a table that was written without traps: no cell is quoted, every line ends with LF. */
export function readPlain(folder: string, table: string): Row[] {
  const text = readFileSync(join(folder, `${table}.csv`), 'utf8')
  if (!text.endsWith('\n') || /["\r]/.test(text)) throw new Error(`${table} is not plain`)
  const [header, ...lines] = text.slice(0, -1).split('\n')
  const columns = header!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (cells.length !== columns.length) throw new Error(`${table}: ${line}`)
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]!]))
  })
}

/** Seconds since 1970 of a time as it is written. */
export function secondsOf(time: string): number {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time)) throw new Error(time)
  return Date.parse(`${time.replace(' ', 'T')}Z`) / 1000
}

/** Cents of an amount with two decimals; 0 for an empty cell. */
export function centsOf(amount: string): number {
  if (amount === '') return 0
  if (!/^\d+\.\d\d$/.test(amount)) throw new Error(amount)
  return Number(amount.replace('.', ''))
}

/** The rows by what they hold in a column. */
export function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row[column]!)
    if (group === undefined) groups.set(row[column]!, [row])
    else group.push(row)
  }
  return groups
}
