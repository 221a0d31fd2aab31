import { ExactVector } from '../../collections/exact-vector.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import type { Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import {
  commonSpelling,
  mayBeSpelledOtherwise,
  type Spelled,
  spellingDifferences,
} from '../../lib/texts/spelling.ts'
import { amount, defineFinding, type Finding, type FindingContext, nameForPeople } from '../finding.ts'
import { type MoneyOfRow, moneyOfRows } from './row-money.ts'

/** How many texts a message names. */
const NAMED = 5
/** So many spellings of one text tell in which ways they differ. */
const COMPARED = 1000
const AT = '@'.charCodeAt(0)

/** What is looked at: texts of one dictionary. */
interface Spellings {
  /** What a text is, for people. */
  readonly noun: string
  readonly column: string
  readonly spelled: Spelled
  readonly columns: readonly TextVector[]
  /** Of the rows of the first column, where they have money. */
  readonly money: MoneyOfRow | undefined
  readonly shownIn: string
}

/**
 * Coupons, products, campaigns, pages, and users known by their e-mail addresses, that are the same but for the
 * way in which they are written.
 */
export const textsInSeveralSpellings = defineFinding({
  needs: {
    user_table: ['user_id'],
    session_table: ['session_id', 'utm_source', 'utm_medium', 'utm_campaign'],
    order_table: ['user_id', 'session_id', 'discount_coupon_code', 'total_price'],
    order_line_item_table: ['product_name', 'product_price', 'product_qty'],
    add_to_cart_table: ['product_name'],
    pageview_table: ['path'],
    scroll_table: ['path'],
    click_table: ['path'],
  },
  find(tables, context) {
    const { session_table: sessions, order_table: orders, order_line_item_table: lines } = tables
    const { add_to_cart_table, pageview_table, scroll_table, click_table } = tables
    const moneyOf = moneyOfRows(tables)
    let bySession: ExactVector | undefined
    const moneyOfSession = (row: number): Whole => {
      bySession ??= revenueBySession(orders.session_id, moneyOf('order_table')!)
      return bySession.get(sessions.session_id.codes[row]!)!
    }
    const campaign = {
      spelled: 'parameter',
      money: moneyOfSession,
      shownIn: 'session_attribution',
    } as const
    const looked: readonly Spellings[] = [
      {
        noun: 'user',
        column: 'user_id',
        spelled: 'address',
        columns: [orders.user_id, tables.user_table.user_id],
        money: moneyOf('order_table'),
        shownIn: 'user_lifetime_metrics',
      },
      {
        noun: 'coupon',
        column: 'discount_coupon_code',
        spelled: 'name',
        columns: [orders.discount_coupon_code],
        money: moneyOf('order_table'),
        shownIn: 'coupon_performance',
      },
      {
        noun: 'product',
        column: 'product_name',
        spelled: 'name',
        columns: [lines.product_name, add_to_cart_table.product_name],
        money: moneyOf('order_line_item_table'),
        shownIn: 'product_performance_daily',
      },
      { ...campaign, noun: 'source', column: 'utm_source', columns: [sessions.utm_source] },
      { ...campaign, noun: 'medium', column: 'utm_medium', columns: [sessions.utm_medium] },
      { ...campaign, noun: 'campaign', column: 'utm_campaign', columns: [sessions.utm_campaign] },
      {
        noun: 'path',
        column: 'path',
        spelled: 'path',
        columns: [pageview_table.path, scroll_table.path, click_table.path],
        money: undefined,
        shownIn: 'page_engagement_metrics',
      },
    ]
    return looked.flatMap((one) => findingOf(one, context) ?? [])
  },
})

function findingOf(spellings: Spellings, context: FindingContext): Finding | undefined {
  const rowsOf = rowsByText(spellings.columns)
  const groups = textsOfOneSpelling(spellings, rowsOf)
  if (groups.length === 0) return undefined
  const { noun, column, spelled, columns, money, shownIn } = spellings
  const { dictionary } = columns[0]!
  const moneyOfGroup = money === undefined ? undefined : moneyByGroup(columns[0]!, groups, money)
  const sized = groups
    .map(({ common, codes }, i) => ({
      common,
      codes,
      rows: codes.reduce((sum, code) => sum + rowsOf[code]!, 0),
      money: moneyOfGroup?.get(i) ?? undefined,
    }))
    .sort((a, b) => b.rows - a.rows || Buffer.compare(Buffer.from(a.common), Buffer.from(b.common)))
  const named = sized.slice(0, NAMED).map(({ common, codes, rows, money: sum }) => {
    const usual = codes.reduce((best, code) => (rowsOf[code]! > rowsOf[best]! ? code : best))
    const texts = codes.slice(0, COMPARED).map((code) => dictionary.text(code))
    const ways = spellingDifferences(texts, spelled).join(', ')
    return [
      // The query of a page may hold anything.
      shownText(spelled === 'path' ? common : dictionary.text(usual), context),
      `${plural(codes.length, 'spelling')}, ${plural(rows, 'row')}${sum === undefined ? '' : `, ${amount(sum)}`}${ways === '' ? '' : `, by ${ways}`}`,
    ] as const
  })
  const inAll = {
    texts: groups.length,
    spellings: groups.reduce((sum, { codes }) => sum + codes.length, 0),
    rows: sized.reduce((sum, { rows }) => sum + rows, 0),
    money: moneyOfGroup === undefined ? undefined : amount(moneyOfGroup.sum()),
  }
  const nouns = noun === 'medium' ? 'mediums' : `${noun}s`
  return {
    code: 'texts_in_several_spellings',
    severity: 'warning',
    message: `${plural(inAll.texts, noun)} in ${plural(inAll.spellings, 'spelling')} (${plural(inAll.rows, 'row')}${inAll.money === undefined ? '' : `, ${inAll.money}`}): ${named.map(([text, what]) => `${text} (${what})`).join('; ')}${groups.length > NAMED ? '; …' : ''}`,
    advice: `${shownIn} has rows of its own for each spelling: write ${column} in one way where it is made, or in the export${spelled === 'path' ? '; a query that says which page it is, such as ?id=3, may stay' : ''}`,
    details: {
      of: nouns,
      texts: inAll.texts,
      spellings: inAll.spellings,
      rows: inAll.rows,
      ...(inAll.money === undefined ? {} : { money: inAll.money }),
      ...Object.fromEntries(named.map(([text, what], i) => [`${noun} ${i + 1}: ${text}`, what])),
    },
  }
}

/** How many rows of some columns that share a dictionary hold each text, by code. */
function rowsByText(columns: readonly TextVector[]): Int32Array {
  const rows = new Int32Array(columns[0]!.dictionary.size)
  for (const { codes } of columns)
    for (let row = 0; row < codes.length; row++) if (codes[row] !== NO_CODE) rows[codes[row]!]!++
  return rows
}

/** Texts that are one but for their spelling. */
interface OneText {
  readonly common: string
  readonly codes: readonly number[]
}

function textsOfOneSpelling({ spelled, columns }: Spellings, rowsOf: Int32Array): OneText[] {
  const { dictionary } = columns[0]!
  const { arena } = dictionary
  const otherwise = new Map<string, number[]>()
  const isOdd = (code: number) => {
    const start = dictionary.start(code)
    const end = start + dictionary.byteLength(code)
    return (
      mayBeSpelledOtherwise(arena, start, end, spelled) &&
      (spelled !== 'address' || arena.subarray(start, end).includes(AT))
    )
  }
  for (let code = 0; code < rowsOf.length; code++) {
    if (rowsOf[code] === 0 || !isOdd(code)) continue
    const common = commonSpelling(dictionary.text(code), spelled)
    const same = otherwise.get(common)
    if (same === undefined) otherwise.set(common, [code])
    else same.push(code)
  }
  const groups: OneText[] = []
  for (const [common, codes] of otherwise) {
    // Texts that are spelled in the common way were passed over above.
    const usual = dictionary.findText(common)
    const isThere = usual !== NO_CODE && rowsOf[usual]! > 0 && !isOdd(usual)
    const all = isThere ? [usual, ...codes] : codes
    if (all.length > 1) groups.push({ common, codes: all })
  }
  return groups
}

function moneyByGroup({ codes, dictionary }: TextVector, groups: readonly OneText[], money: MoneyOfRow) {
  const groupOf = new Int32Array(dictionary.size).fill(-1)
  groups.forEach((group, i) => {
    for (const code of group.codes) groupOf[code] = i
  })
  const sums = new ExactVector(groups.length)
  for (let row = 0; row < codes.length; row++) {
    const group = codes[row] === NO_CODE ? -1 : groupOf[codes[row]!]!
    if (group >= 0) sums.add(group, money(row))
  }
  return sums
}

function revenueBySession({ codes, dictionary }: TextVector, money: MoneyOfRow): ExactVector {
  const revenue = new ExactVector(dictionary.size)
  for (let row = 0; row < codes.length; row++)
    if (codes[row] !== NO_CODE) revenue.add(codes[row]!, money(row))
  return revenue
}

/** What looks like an address or a number of somebody is shown by its shape alone. */
function shownText(text: string, { showValues }: FindingContext): string {
  return !showValues && /@|\d{7}/.test(text) ? `'${nameForPeople(shapeOf(text))}'` : nameForPeople(text)
}
