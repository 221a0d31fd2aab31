const LONGEST = 60

/**
 * The shape of a cell, so that a message can show what was wrong without showing an id or an address.
 *
 * @example shapeOf('23-01-2025 10:00') → '99-99-9999 99:99'; shapeOf('$5,00') → '$9,99'
 */
export function shapeOf(cell: string): string {
  const shape = cell
    .slice(0, LONGEST)
    .replace(/\p{N}/gu, '9')
    .replace(/[\p{L}\p{M}]/gu, (letter) => (/\p{Lu}/u.test(letter) ? 'A' : 'a'))
    .replace(/[\p{C}\p{So}]/gu, '?')
  return cell.length > LONGEST ? `${shape}…` : shape
}
