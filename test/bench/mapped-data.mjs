import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Columns of numbers, and of pages, in the raw tables. */
const NUMBERS = new Set([
  'total_price',
  'shipping_price',
  'discount',
  'total_qty',
  'product_price',
  'product_qty',
  'scroll_percent',
])
const PAGES = new Set(['path', 'landing_page'])
const IDS = new Set(['user_id', 'session_id'])
const PARTS = 8

/**
 * @typedef {object} Variant
 * @property {string} name
 * @property {string} rawFolder
 * @property {string | undefined} settings the path of the settings file by which it is the plain data again
 * @property {Readonly<Record<string, object>>} [rawTables]
 */

/**
 * The raw tables of a folder as other shops export them, each in a folder of its own, with the settings that make
 * them the same tables again.
 *
 * @param {string} rawFolder sample data, which needs no quotes
 * @param {string} folder
 * @returns {Variant[]} the plain data first
 */
export function mappedVariants(rawFolder, folder) {
  const tables = readdirSync(rawFolder).filter((file) => file.endsWith('.csv'))
  /** @param {string} name @param {(table: string, lines: string[], into: string) => object} write */
  const variant = (name, write) => {
    const into = join(folder, name.replaceAll(' ', '-'))
    mkdirSync(into, { recursive: true })
    /** @type {Record<string, object>} */
    const rawTables = {}
    for (const file of tables) {
      const text = readFileSync(join(rawFolder, file), 'utf8')
      if (/["|;]/.test(text)) throw new Error(`${file} holds a quote, a bar or a semicolon`)
      const table = file.replace('.csv', '')
      rawTables[table] = write(table, text.trimEnd().split('\n'), into)
    }
    const settings = join(folder, `${name.replaceAll(' ', '-')}.json`)
    writeFileSync(settings, JSON.stringify({ rawTables }))
    return { name, rawFolder: into, settings }
  }
  return [
    { name: 'as Sources says', rawFolder, settings: undefined },
    variant('other column names', renamed),
    variant('semicolons', semicolons),
    variant('eight files a table', cut),
    variant('cell rules', otherCells),
  ]
}

/** @param {string} table @param {string[]} lines @param {string} into */
function renamed(table, [header = '', ...rows], into) {
  const names = header.split(',')
  write(join(into, `${table}.csv`), [names.map((name) => `x ${name}`).join(','), ...rows])
  return { columns: Object.fromEntries(names.map((name) => [name, `x ${name}`])) }
}

/** @param {string} table @param {string[]} lines @param {string} into */
function semicolons(table, lines, into) {
  write(
    join(into, `${table}.csv`),
    lines.map((line) => line.replaceAll(',', ';')),
  )
  return { delimiter: ';' }
}

/** @param {string} table @param {string[]} lines @param {string} into */
function cut(table, [header = '', ...rows], into) {
  const size = Math.ceil(rows.length / PARTS)
  for (let i = 0; i < PARTS; i++)
    write(join(into, `${table}-${i}.csv`), [header, ...rows.slice(i * size, (i + 1) * size)])
  return { files: `${table}-*.csv` }
}

/**
 * Decimal commas, pages as whole URLs, ids with a prefix, and times of a column that another name has.
 *
 * @param {string} table @param {string[]} lines @param {string} into
 */
function otherCells(table, [header = '', ...rows], into) {
  const names = header.split(',')
  const change = names.map((name) =>
    NUMBERS.has(name)
      ? (/** @type {string} */ cell) => cell.replace('.', ',')
      : PAGES.has(name)
        ? (/** @type {string} */ cell) => (cell === '' ? '' : `https://shop.example${cell}?page=1`)
        : IDS.has(name)
          ? (/** @type {string} */ cell) => (cell === '' ? '' : `id:${cell}`)
          : undefined,
  )
  write(join(into, `${table}.csv`), [
    names.join(';'),
    ...rows.map((row) =>
      row
        .split(',')
        .map((cell, i) => change[i]?.(cell) ?? cell)
        .join(';'),
    ),
  ])
  /** @type {Record<string, object>} */
  const columns = {}
  for (const name of names) {
    if (PAGES.has(name)) columns[name] = { column: name, url: 'path' }
    else if (IDS.has(name)) columns[name] = { column: name, trimPrefix: 'id:' }
  }
  return { delimiter: ';', decimal: ',', columns }
}

/** @param {string} path @param {readonly string[]} lines */
function write(path, lines) {
  writeFileSync(path, `${lines.join('\n')}\n`)
}
