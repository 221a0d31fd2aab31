const LONGEST = 60

/**
 * The shape of a cell, so that a message can show what was wrong without showing an id or an address.
 *
 * @example shapeOf('23-01-2025 10:00') → '99-99-9999 99:99'; shapeOf('$5,00') → '$9,99'
 */
export function shapeOf(cell: string): string {
  const shape = cell
    .slice(0, LONGEST)
    .replace(/\p{Nd}/gu, '9')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/[\p{L}\p{M}]/gu, 'a')
    .replace(/\p{C}/gu, '?')
  return cell.length > LONGEST ? `${shape}…` : shape
}
