import type { Calendar } from './shop/calendar.ts'
import type { IdMaker } from './shop/ids.ts'
import type { Random } from './shop/random.ts'
import type { Sheets } from './shop/sheets.ts'

export const DOMAIN = 'shop.example'

/** Scroll depths that pages report. */
const DEPTHS = ['10', '25', '50', '66.7', '75', '90', '100']

/** How many scrolls and clicks a page has: one of eight, by lot. */
const SCROLLS = [0, 0, 0, 0, 1, 1, 1, 3]
const CLICKS = [0, 0, 0, 0, 0, 1, 1, 2]

/** What can be clicked: target_id, target_tag, target_text. */
const TARGETS = [
  'nav-menu,button,Menu',
  'search,input,',
  ',a,Read more',
  'gallery-next,button,Next photo',
  'size-guide,a,Size guide',
  ',img,',
  'add-to-cart,button,Add to cart',
]

/** The visit whose pages are written. */
export interface Visit {
  userId: string
  sessionId: string
  /** Seconds since 1970; moves on with every page. */
  time: number
  previousPage: string
}

/** Writes pageviews with the scrolls and clicks on them. */
export class PageWriter {
  /** domain,path,hash,query,previous_page of the page at hand, as all event tables have them but click_table. */
  pageCells = ''
  readonly #sheets: Sheets
  readonly #calendar: Calendar
  readonly #ids: IdMaker

  constructor(sheets: Sheets, calendar: Calendar, ids: IdMaker) {
    this.#sheets = sheets
    this.#calendar = calendar
    this.#ids = ids
  }

  /** One page: looked at, scrolled, clicked, and left after `dwell` seconds (4 or more). */
  view(visit: Visit, random: Random, path: string, hash: string, query: string, dwell: number): void {
    const { userId, sessionId, time, previousPage } = visit
    const address = `${DOMAIN},${path},${hash},${query}`
    this.pageCells = `${address},${previousPage}`
    const ids = this.#ids
    this.#sheets.pageview_table.add(
      `${ids.next()},${userId},${sessionId},${this.#calendar.stamp(time)},${this.pageCells}\n`,
    )
    // Deeper and deeper.
    let depth = 0
    let at = time
    for (let i = SCROLLS[random.below(8)]!; i > 0; i--) {
      depth += 1 + random.below(2)
      at += 1 + random.below(Math.max(1, dwell >> 2))
      if (at >= time + dwell) at = time + dwell - 1
      const known = random.chance(0.995) ? `${userId},${sessionId}` : ','
      this.#sheets.scroll_table.add(
        `${ids.next()},${known},${this.#calendar.stamp(at)},${DEPTHS[depth]},${this.pageCells}\n`,
      )
    }
    for (let i = CLICKS[random.below(8)]!; i > 0; i--) {
      const known = random.chance(0.99) ? userId : ''
      const clicked = this.#calendar.stamp(time + 1 + random.below(dwell - 1))
      const target = TARGETS[random.below(TARGETS.length)]!
      const href = target.includes(',a,') ? `https://${DOMAIN}/help` : ''
      this.#sheets.click_table.add(
        `${ids.next()},${known},${sessionId},${clicked},${address},${href},${target},${previousPage}\n`,
      )
    }
    visit.time = time + dwell
    visit.previousPage = `https://${DOMAIN}${path}`
  }
}
