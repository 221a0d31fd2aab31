/**
 * Lines of aligned columns: the first to the left, the others to the right.
 *
 * @param {readonly (readonly string[])[]} rows
 */
export function textTable(rows) {
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  )
  return rows.map((row) =>
    widths
      .map((width, i) => (i === 0 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width)))
      .join('   ')
      .trimEnd(),
  )
}

/** @param {number} value @example grouped(1234567) → '1,234,567' */
export function grouped(value) {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/** Three digits that count, as far as that needs decimals. @param {number | undefined} value */
export function brief(value) {
  if (value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return size >= 100 ? grouped(value) : value.toFixed(size >= 10 ? 1 : 2)
}

/** @param {number | undefined} bytes in millions of bytes */
export function megabytes(bytes) {
  return bytes === undefined ? '–' : brief(bytes / 1e6)
}
