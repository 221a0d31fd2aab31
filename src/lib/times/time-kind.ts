/**
 * The kind of a cell that may be a time. Cells of one kind fit the same layouts, as far as the numbers of dates and
 * hours decide: whether they have a leading zero, and whether they can be a month, a day, an hour or a minute.
 *
 * @example timeKind('31.05.2025') === timeKind('29.05.2025'), but not timeKind('05.05.2025')
 */
export function timeKind(cell: string): string {
  return cell.replace(/\d+/g, (digits) =>
    digits.length === 8 || digits.length === 12 || digits.length === 14
      ? digits.replace(/\d\d/g, numberKind)
      : digits.length <= 2
        ? numberKind(digits)
        : '9'.repeat(digits.length),
  )
}

function numberKind(digits: string): string {
  const value = Number(digits)
  const range = [0, 12, 23, 28, 31, 59].findIndex((most) => value <= most)
  return `${digits.length === 2 && digits.startsWith('0') ? '0' : digits.length}${'abcdefg'.at(range)}`
}
