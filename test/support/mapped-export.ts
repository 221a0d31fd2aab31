import type { Random } from './random.ts'

type Records = readonly (readonly string[])[]

const NUMBERS = /price|discount$|qty|items|percent/

/**
 * A table as an export has it that is no raw table: columns of other names, decimal commas, and records of another
 * kind between the rows. Blank cells stay, so do broken records.
 *
 * @param kindOf what stands in the column Kind of a row, by its place
 */
export function asExport([header = [], ...rows]: Records, random: Random, kindOf = (_row: number) => 'row') {
  const records = rows.flatMap((row, i) => {
    // 12,5 is no number in the plain table.
    const cells = row.map((cell, at) =>
      NUMBERS.test(header[at] ?? '') ? cell.replaceAll(',', ';').replaceAll('.', ',') : cell,
    )
    const isWhole = row.length === header.length && !row.join().includes('\0')
    const other = random.chance(0.1) && isWhole ? [['other', ...cells]] : []
    return [...other, [kindOf(i), ...cells]]
  })
  return [['Kind', ...header.map((column) => `The ${column}`)], ...records]
}

/** What a user sets to read such an export; half of the columns are taken as they are. */
export function exportSettings(header: readonly string[], random: Random) {
  const columns = header.map((column): [string, unknown] => [
    column,
    random.chance(0.5) ? `The ${column}` : { column: `The ${column}`, trimSuffix: '\u2603' },
  ])
  return {
    decimal: ',',
    where: [{ column: 'Kind', prefix: 'row' }],
    columns: Object.fromEntries(random.shuffled(columns)),
  }
}
