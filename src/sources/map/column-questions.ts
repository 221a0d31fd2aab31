import { plural } from '../../lib/texts/grouped.ts'
import { joinsByKey } from '../../raw/define.ts'
import type { MatchedColumn, TableMatch } from './match-table.ts'
import type { Question } from './proposal.ts'
import { plainName } from './seen/column-names.ts'
import type { SeenColumn } from './seen/seen-column.ts'

const TAX = /^(?:total)?(?:tax|taxes|taxamount|vat|vatamount|mwst|steuer|tva|iva)$/
const CURRENCY = /^(?:currency|currencycode|wahrung|devise|moneda)$/
/** Currencies that a message shows. */
const MOST_CURRENCIES = 6

/** What the columns of a file leave open: which one is meant, which are missing, what repeated keys mean. */
export function columnQuestions(
  match: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
  all: readonly SeenColumn[],
): Question[] {
  return [
    ...unsureColumns(match, matched),
    ...missingColumns(match, matched),
    ...moneyQuestions(match, matched, all),
    ...statusQuestions(match, matched, all),
    ...keyQuestions(match, matched),
    ...emptyQuestions(match, matched),
  ]
}

/** A name as YAML writes it within braces. */
export function yamlName(name: string): string {
  return /^\p{L}[\p{L}\p{N} ._-]*$/u.test(name) && !/^(?:true|false|null|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name)
}

/** @example columnSetting('time', 'Created at') → 'columns: { time: Created at }' */
function columnSetting(target: string, source: string): string {
  return `columns: { ${target}: ${yamlName(source)} }`
}

function unsureColumns(
  { table, columns, unsure }: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
): Question[] {
  const several = [...unsure].map(([target, candidates]): Question => {
    const names = [...new Set(candidates.map(({ name }) => name))]
    const [first = ''] = names
    return names.length === 1
      ? {
          table: table.name,
          text: `${target}: the column ${first} stands there twice; rename one of the two`,
          setting: undefined,
        }
      : {
          table: table.name,
          text: `${target}: which of ${names.join(', ')} is meant? Left out until you say`,
          setting: columnSetting(target, first),
        }
  })
  const weak = [...columns].flatMap(([target, { column }]): Question[] =>
    matched.has(target)
      ? []
      : [
          {
            table: table.name,
            text: `${target}: is it ${column.name}? The name alone does not say so. Left out until you say`,
            setting: columnSetting(target, column.name),
          },
        ],
  )
  return [...several, ...weak]
}

function missingColumns(
  { table, lacks, mayLack }: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
): Question[] {
  const order = [...matched].find(([target]) => table.columns[target]?.dictionary === 'order_id')?.[1].column
    .name
  return lacks.map((target): Question => {
    if (mayLack.includes(target))
      return {
        table: table.name,
        text: `${target}: no column seems to hold it. If the shop has none:`,
        setting: `columns: { ${target}: { constant: '' } }, optional: [${target}]`,
      }
    if (target === table.key && order !== undefined && !joinsByKey(table))
      return {
        table: table.name,
        text: `${target}: no column tells rows apart. If the rows of an order always stand together, in one order:`,
        setting: `carryDown: { key: ${yamlName(order)}, columns: [] }, columns: { ${target}: { template: ${JSON.stringify(`{${order}}#{row}`)} } }`,
      }
    if (table.columns[target]?.kind === 'quantity')
      return {
        table: table.name,
        text: `${target}: no column seems to hold it. If it is 1 in each row:`,
        setting: `columns: { ${target}: { constant: '1' } }`,
      }
    return {
      table: table.name,
      text: `${target}: no column seems to hold it, and the table needs it`,
      setting: `columns: { ${target}: … }`,
    }
  })
}

function moneyQuestions(
  { table }: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
  all: readonly SeenColumn[],
): Question[] {
  const questions: Question[] = []
  const total = [...matched].find(([target]) => table.columns[target]?.role === 'order_amount')
  const tax = all.find(({ name }) => TAX.test(plainName(name)))
  if (total !== undefined && tax !== undefined)
    questions.push({
      table: table.name,
      text: `${total[0]} comes from ${total[1].column.name}, beside the column ${tax.name}: does it hold the tax, and should it?`,
      setting: undefined,
    })
  const currency = all.find(({ name }) => CURRENCY.test(plainName(name)))
  const codes = [...new Set(currency?.filled)]
  const hasMoney = [...matched.keys()].some((target) => table.columns[target]?.kind === 'money')
  if (currency !== undefined && codes.length > 1 && hasMoney) {
    const shown = codes.filter((code) => /^[A-Z]{3}$/.test(code)).slice(0, MOST_CURRENCIES)
    const rates = shown.map((code, i) => `${code}: ${i === 0 ? "'1'" : "'…'"}`).join(', ')
    questions.push({
      table: table.name,
      text: `money is in ${plural(codes.length, 'currency').replace('currencys', 'currencies')} by the column ${currency.name}; added as it stands, it means nothing`,
      setting: `currency: { column: ${yamlName(currency.name)}, rates: { ${rates || '…'} } }`,
    })
  }
  return questions
}

const STATUS =
  /^(?:(?:order|payment|financial|fulfill?ment)?status|(?:is)?(?:cancell?ed|voided|refunded|deleted|test|bot|spam|draft)(?:at|on|date)?)$/

/** Columns that nothing reads, and by their names say that some rows do not count. */
function statusQuestions(
  { table }: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
  all: readonly SeenColumn[],
): Question[] {
  const used = new Set([...matched.values()].map(({ column }) => column))
  const names = all
    .filter(
      (column) => !used.has(column) && STATUS.test(plainName(column.name)) && new Set(column.cells).size > 1,
    )
    .map(({ name }) => name)
  if (names.length === 0) return []
  const text = `${names.join(', ')}: not all rows have the same there. Those that do not count are left out, with all that belongs to them, by filters.columns: [{ table: ${table.name}, column: ${yamlName(names[0] ?? '')}, in: [ … ] }]`
  return [{ table: table.name, text, setting: undefined }]
}

function keyQuestions({ table }: TableMatch, matched: ReadonlyMap<string, MatchedColumn>): Question[] {
  const key = matched.get(table.key)?.column
  if (key === undefined || table.keyColumns !== undefined) return []
  const repeated = key.filled.length - new Set(key.filled).size
  if (repeated === 0) return []
  const where = `${table.key} repeats in ${repeated} of ${plural(key.filled.length, 'row')} seen`
  const detail = Object.keys(table.columns).find(
    (target) =>
      target !== table.key && table.columns[target]?.required && table.columns[target]?.kind === 'text',
  )
  if (joinsByKey(table))
    return [
      {
        table: table.name,
        text: `${where}; the first row of each counts. If rows are written again at each change: keep: last. If there is a row for each line:`,
        setting: `oneRowPer: ${yamlName(key.name)}`,
      },
    ]
  return [
    {
      table: table.name,
      text: `${where}; the first row of each counts. If the rows of one event share it:`,
      setting: detail === undefined ? 'dedupe: false' : `key: [${table.key}, ${detail}]`,
    },
  ]
}

/** Rows without a required cell are rejected; most often they are no rows of this table. */
function emptyQuestions(
  { table, mayLack }: TableMatch,
  matched: ReadonlyMap<string, MatchedColumn>,
): Question[] {
  const empty = [...matched].flatMap(([target, { column }]) => {
    const declared = table.columns[target]
    const isId = declared?.dictionary === 'user_id' || declared?.dictionary === 'session_id'
    if (declared?.required !== true || (isId && target !== table.key) || mayLack.includes(target)) return []
    const count = column.cells.filter((cell) => cell === '').length
    return count === 0 ? [] : [{ target, column, count }]
  })
  const [first] = empty.sort((a, b) => b.count - a.count)
  if (first === undefined) return []
  const { target, column, count } = first
  return [
    {
      table: table.name,
      text: `${target} is empty in ${count} of ${plural(column.cells.length, 'row')} seen, which would be rejected. If they are no rows of this table:`,
      setting: `where: [{ column: ${yamlName(column.name)}, not: '' }]`,
    },
  ]
}
