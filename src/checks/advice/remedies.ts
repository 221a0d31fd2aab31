import { plural } from '../../lib/texts/grouped.ts'
import type { Accounting, ReasonCount } from '../../parsers/accounting/accounting.ts'
import { hasCompositeKey, joinsByKey, mayBeOptional, type RawTable } from '../../raw/define.ts'
import { dedupes, type Rules, tableRules } from '../../rules/rules.ts'
import { layoutAdvice } from './layout-advice.ts'
import { quotedText, tableSetting } from './setting-text.ts'

/**
 * What mends the reasons for which rows of a table are left out, each advice once and in the order of the
 * reasons. Nothing here says that a loss should be accepted.
 *
 * @param reasons the most frequent ones
 * @param all every reason of the table
 */
export function remedies(
  reasons: readonly ReasonCount[],
  all: Accounting['reasons'],
  table: RawTable,
  rules: Rules,
): string[] {
  const advice = reasons.flatMap((reason) => remediesOf(reason, all, table, rules))
  return [...new Set(advice)]
}

function remediesOf(
  reason: ReasonCount,
  all: Accounting['reasons'],
  table: RawTable,
  rules: Rules,
): string[] {
  const { reason: code, column, target } = reason
  if (code === 'conflicting_duplicate') return [conflictAdvice(table, rules)]
  if (code === 'required_cell_empty') return [emptyAdvice(reason, all, table)]
  if (code === 'invalid_utf8') return [encodingAdvice(table, rules)]
  if (code === 'unknown_currency') return [currencyAdvice(reason, table)]
  if (code === 'cell_too_long')
    return [
      `look at what rawTables.${table.name}.columns.${target} makes of ${column}: the rejected rows are in the run's rejects file`,
    ]
  if (column === undefined || target === undefined)
    return ["mend the export: the rejected rows are in the run's rejects file"]
  const { nullLike, times, others } = reason.samples
  const advice = nullLike.size > 0 ? [nullAdvice(reason, table, rules)] : []
  if (code === 'invalid_timestamp' && (times.length > 0 || others > 0))
    advice.push(layoutAdvice(reason.samples, table.name, target, rules))
  else if (others > 0)
    advice.push(`mend ${column} in the export: the rejected rows are in the run's rejects file`)
  return advice
}

/** The text that tells rows of one id apart, such as the product or the path; a required one before others. */
function detailColumn({ columns }: RawTable): string | undefined {
  const texts = Object.keys(columns).filter((name) => columns[name]!.kind === 'text')
  return (
    texts.find((name) => columns[name]!.required) ??
    texts.find((name) => columns[name]!.dictionary !== undefined)
  )
}

/** What mends repeated keys whose rows differ. */
export function conflictAdvice(table: RawTable, rules: Rules): string {
  const { name, key } = table
  if (joinsByKey(table))
    return `export each ${key} once; if the export writes a row again at each change, let the last one count: ${tableSetting(name, 'keep: last')}`
  const all = dedupes(rules, name) ? `if every row counts: ${tableSetting(name, 'dedupe: false')}; ` : ''
  if (hasCompositeKey(table))
    return `if a later row corrects an earlier one: ${tableSetting(name, 'keep: last')}; ${all}otherwise export each row once, in as many columns as tell rows apart`
  const detail = detailColumn(table)
  const several =
    detail === undefined
      ? ''
      : `if the rows of one event share its ${key}, tell them apart: ${tableSetting(name, `key: [${key}, ${detail}]`)}; `
  return `${several}${all}otherwise export each ${key} once`
}

function encodingAdvice({ name }: RawTable, rules: Rules): string {
  const { encoding } = tableRules(rules, name) ?? {}
  if (encoding !== undefined && encoding !== 'utf-8')
    return `${name} is declared as ${encoding}, which does not define these bytes: look at the rows in the run's rejects file`
  return `export ${name} as UTF-8: the rows with other bytes are in the run's rejects file; if all of it is encoded as Windows does, say so: ${tableSetting(name, 'encoding: windows-1252')}`
}

function emptyAdvice({ column, target }: ReasonCount, all: Accounting['reasons'], table: RawTable): string {
  const empty = [...all.values()]
    .filter(({ reason }) => reason === 'required_cell_empty')
    .flatMap((one) => one.target ?? [])
  const ids = Object.keys(table.columns).filter((name) => empty.includes(name) && mayBeOptional(table, name))
  if (target === undefined || !ids.includes(target))
    return `export ${column} for every row: the rejected rows are in the run's rejects file`
  return `rows without ${ids.join(' or ')} count if the settings say that they may be empty: ${tableSetting(table.name, `optional: [${ids.join(', ')}]`)}`
}

function currencyAdvice({ samples, example }: ReasonCount, { name }: RawTable): string {
  const found =
    samples.nullLike.size === 0 && example.cell === ''
      ? 'a currency that is not empty'
      : 'the rate of each currency'
  return `give ${found}: rawTables: { ${name}: { currency: { column: …, rates: { … } } } }`
}

/** Only where an empty cell would do: elsewhere nullValues would change the reason, and mend nothing. */
function nullAdvice({ column, target, samples }: ReasonCount, table: RawTable, rules: Rules): string {
  const texts = [...samples.nullLike.keys()]
  const cells = [...samples.nullLike.values()].reduce((sum, count) => sum + count, 0)
  const where = `${plural(cells, 'cell')} of ${column} read ${texts.map(quotedText).join(', ')}`
  if (table.columns[target!]!.required)
    return `${where}, and ${column} may not be empty: export it for every row`
  const values = [...rules.nullValues, ...texts].map(quotedText).join(', ')
  return `${where}: if that means empty, say so: nullValues: [${values}]`
}
