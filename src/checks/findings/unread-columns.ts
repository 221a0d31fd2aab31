import { plural } from '../../lib/texts/grouped.ts'
import type { UnreadColumn, UnreadKind } from '../../parsers/scans/unread-columns.ts'
import { orderAmountColumn } from '../../raw/define.ts'
import { quotedText } from '../advice/setting-text.ts'
import { defineFinding, type FindingContext, nameForPeople, type ReadInput } from '../finding.ts'

/** How many values of a column a message names. */
const NAMED = 5

/** Amounts of several currencies, which are added up as they stand. */
export const severalCurrencies = defineFinding({
  needs: {},
  find(_, context) {
    // Without a currency an amount is most often in the one that the row before names.
    const columns = columnsOf(context, 'currency').filter(({ values }) => (values?.length ?? 2) > 1)
    if (columns.length === 0) return []
    const kept = columns[0]!.values?.[0]?.[0]
    const filters = columns.flatMap((one) => {
      const others = (one.values ?? []).map(([value]) => value).filter((value) => value !== kept)
      return others.length === 0 ? [] : [filterOf(one, inValues(others))]
    })
    const leftOut =
      kept === undefined ? '' : `, or count ${nameForPeople(kept)} alone: ${filterSetting(filters)}`
    return [
      {
        code: 'several_currencies',
        severity: 'warning',
        message: `amounts of several currencies are added up as they stand: ${columns.map(inWords).join('; ')}`,
        advice: `convert the amounts to one currency in the export${leftOut}`,
        details: Object.fromEntries(columns.map((one) => [one.place, valuesText(one)])),
      },
    ]
  },
})

/** Columns that may say that a row does not count, such as cancelled or test orders. */
export const statusColumnUnread = defineFinding({
  needs: {},
  find(_, context) {
    const columns = columnsOf(context, 'status').filter(
      ({ values, empty }) => (values?.length ?? 2) + (empty > 0 ? 1 : 0) > 1,
    )
    if (columns.length === 0) return []
    return [
      {
        code: 'status_column_unread',
        severity: 'information',
        message: `nobody reads what by its name says whether a row counts: ${columns.map(inWords).join('; ')}`,
        advice: `all rows count, whatever stands there. Leave out those that should not, with all that belongs to them, such as ${filterSetting(columns.map((one) => filterOf(one, rarest(one))))}`,
        details: Object.fromEntries(columns.map((one) => [one.place, valuesText(one)])),
      },
    ]
  },
})

interface PlacedColumn extends UnreadColumn {
  readonly table: string
  readonly place: string
}

function columnsOf({ inputs }: FindingContext, kind: UnreadKind): PlacedColumn[] {
  return [...inputs].flatMap(([table, input]) =>
    tellsOf(input, [...inputs.values()])
      ? input.found.unreadColumns
          .filter((one) => one.kind === kind)
          .map((one) => ({ ...one, table, place: `${table}.${nameForPeople(one.column)}` }))
      : [],
  )
}

/**
 * Of raw tables that are made from the same files, only one tells what their columns hold, so that nothing is
 * said twice: that of orders, for a filter there leaves out all that belongs to an order; or else the first.
 */
function tellsOf(input: ReadInput, all: readonly ReadInput[]): boolean {
  const files = filesOf(input)
  const same = all.filter((one) => one.files.length > 0 && filesOf(one) === files)
  if (same.length < 2) return true
  return input === (same.find(({ definition }) => orderAmountColumn(definition) !== undefined) ?? same[0])
}

function filesOf({ files }: ReadInput): string {
  return files.map(({ name }) => name).join('\n')
}

function inWords(column: PlacedColumn): string {
  return `${column.place} (${valuesText(column)})`
}

/** @example 'paid 2 rows, voided 1 row' */
function valuesText({ values, empty, filled }: UnreadColumn): string {
  const parts =
    values === undefined
      ? [`many values ${plural(filled, 'row')}`]
      : values.slice(0, NAMED).map(([value, rows]) => `${nameForPeople(value)} ${plural(rows, 'row')}`)
  if (values !== undefined && values.length > NAMED) {
    const rest = values.slice(NAMED).reduce((sum, [, rows]) => sum + rows, 0)
    parts.push(`${plural(values.length - NAMED, 'other value')} ${plural(rest, 'row')}`)
  }
  if (empty > 0) parts.push(`empty ${plural(empty, 'row')}`)
  return parts.join(', ')
}

/** What a filter could look for: the rarest value, or any at all where cells are dates or of many kinds. */
function rarest({ values, empty }: UnreadColumn): string {
  const last = values?.at(-1)
  const areDates = empty > 0 && values?.every(([value]) => DATE.test(value)) === true
  return last === undefined || areDates ? "matches: '.'" : inValues([last[0]])
}

/** When something happened, as far as it matters here. */
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d/

function inValues(values: readonly string[]): string {
  return `in: [${values.map((value) => quotedText(nameForPeople(value))).join(', ')}]`
}

function filterOf({ table, column }: PlacedColumn, test: string): string {
  return `{ table: ${table}, column: ${quotedText(nameForPeople(column))}, ${test} }`
}

function filterSetting(filters: readonly string[]): string {
  return `filters: { columns: [${filters.join(', ')}] }`
}
