import { plural } from '../../lib/texts/grouped.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import { isDayFirst, searchLayouts, swappedLayout, type TimeSample } from '../../lib/times/layout-search.ts'
import { isNumberTime, NUMBER_TIME_MEANINGS } from '../../lib/times/number-time.ts'
import type { CellSamples } from '../../parsers/accounting/cell-samples.ts'
import { hasOwnTimeFormats, type Rules, timeFormatsOf } from '../../rules/rules.ts'
import { quotedText, tableSetting } from './setting-text.ts'

/** How many shapes of cells advice shows. */
const SHAPES = 3

/** What can be done about refused timestamps: only layouts that fit all of them are shown. */
export function layoutAdvice(
  { times: samples, others }: CellSamples,
  table: string,
  column: string,
  rules: Rules,
): string {
  const { layouts, mixed } = searchLayouts(samples)
  const declared = timeFormatsOf(rules, table)
  const where = `${table}.${column}`
  if (mixed !== undefined) {
    const { dayFirst, monthFirst, either } = mixed
    const others = either === 0 ? '' : ` and ${plural(either, 'cell')} either`
    return `${where} mixes two layouts: ${plural(dayFirst, 'cell')} can only have the day first, ${plural(monthFirst, 'cell')} only the month${others}, so no layout fits them all: export one layout, best YYYY-MM-DD HH:MM:SS`
  }
  const [first, second] = layouts
  if (first === undefined) return noLayout(samples, where)
  const twin = layouts.map(swappedLayout).find((layout) => layout !== undefined && declared.includes(layout))
  if (twin !== undefined && second === undefined) {
    const [here, there] = isDayFirst(first) ? ['day', 'month'] : ['month', 'day']
    return `${where} mixes two layouts: these cells can only have the ${here} first (${first}), and ${twin} is declared, with the ${there} first: nobody can know which is meant where both fit; export one layout, best YYYY-MM-DD HH:MM:SS`
  }
  const cells = others === 0 ? 'all refused cells' : 'all refused cells that were looked at'
  const fit = isNumberTime(first) ? `read like ${NUMBER_TIME_MEANINGS[first]}` : `fit the layout ${first}`
  if (second === undefined)
    return `${cells} of ${where} ${fit}: if that is what the shop means, declare it with ${declaring(first, table, rules)}`
  const choices = layouts.map((layout) => declaring(layout, table, rules)).join(' or ')
  return `${cells} of ${where} fit ${layouts.length} layouts, ${layouts.join(' and ')}; no cell has a day above 12 that would tell them apart: find out which the source writes, and declare that one: ${choices}`
}

function noLayout(samples: readonly TimeSample[], where: string): string {
  const mend = 'export them as YYYY-MM-DD HH:MM:SS'
  if (samples.length > 0 && samples.every(({ text }) => /^\d{1,2}([-/.])\d{1,2}\1\d{2}\b/.test(text)))
    return `the years in ${where} have two digits, and no layout for them can be declared: export years of four digits, best as YYYY-MM-DD HH:MM:SS`
  return `no layout that can be declared fits all refused cells of ${where}${shapes(samples)}: ${mend}`
}

/** @example ', which look like 99/99/9999 (12 cells), aaaaaa (1 cell)' */
function shapes(samples: readonly TimeSample[]): string {
  const counts = new Map<string, number>()
  for (const { text, count } of samples) {
    const shape = shapeOf(text)
    counts.set(shape, (counts.get(shape) ?? 0) + count)
  }
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, SHAPES)
  if (frequent.length === 0) return ''
  const list = frequent.map(([shape, count]) => `'${shape}' (${plural(count, 'cell')})`)
  return `, which look like ${list.join(', ')}${counts.size > SHAPES ? ' and others' : ''}`
}

/** The option or, where the table has layouts of its own, the setting that adds a layout to those declared. */
function declaring(layout: string, table: string, rules: Rules): string {
  const all = [...timeFormatsOf(rules, table), layout]
  if (hasOwnTimeFormats(rules, table))
    return tableSetting(table, `timeFormats: [${all.map(quotedText).join(', ')}]`)
  return all.map((one) => `--time-format ${shellQuoted(one)}`).join(' ')
}

/** A layout with a quoted text holds single quotes. */
function shellQuoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`
}
