import { money, OrderWriter } from './order-writer.ts'
import { PageWriter, type Visit } from './page-writer.ts'
import type { Calendar } from './shop/calendar.ts'
import { blogPosts, categories, type Product, popularProducts } from './shop/catalogue.ts'
import { type Channel, popularChannels } from './shop/channels.ts'
import { IdMaker, orderId } from './shop/ids.ts'
import { Random } from './shop/random.ts'
import type { Sheets } from './shop/sheets.ts'
import type { TruthLedger } from './shop/truth-ledger.ts'
import type { Visitor, Visitors } from './shop/visitors.ts'

/** How far a session goes. */
type Intent = 'unseen' | 'bounce' | 'browse' | 'product' | 'cart' | 'order'

/** How many pieces are added to a cart at once. */
const QUANTITIES = [1, 1, 1, 1, 1, 1, 2, 2, 3, 4]

/** Writes whole sessions: what happens in one follows from the seed and its number alone. */
export class SessionWriter {
  readonly #seed: number
  readonly #random: Random
  readonly #calendar: Calendar
  readonly #visitors: Visitors
  readonly #sheets: Sheets
  readonly #ledger: TruthLedger
  readonly #sessionIds: IdMaker
  readonly #eventIds: IdMaker
  readonly #pages: PageWriter
  readonly #orders: OrderWriter
  readonly #visit: Visit = { userId: '', sessionId: '', time: 0, previousPage: '' }
  #dwellBonus = 0

  constructor(seed: number, calendar: Calendar, visitors: Visitors, sheets: Sheets, ledger: TruthLedger) {
    this.#seed = seed
    this.#random = new Random(seed, 0)
    this.#calendar = calendar
    this.#visitors = visitors
    this.#sheets = sheets
    this.#ledger = ledger
    this.#sessionIds = new IdMaker(seed, 1)
    this.#eventIds = new IdMaker(seed, 2)
    this.#pages = new PageWriter(sheets, calendar, this.#eventIds)
    this.#orders = new OrderWriter(sheets, calendar, this.#eventIds, ledger)
  }

  /** Writes the session with that number, its events and its order. Numbers must come in order, from 0. */
  write(number: number): void {
    const random = this.#random
    random.restart(this.#seed, number)
    const user = this.#visitors.choose(random)
    const visitor = this.#visitors.visitor(user)
    const channel = popularChannels.pick(random)
    const intent = chooseIntent(random, visitor.isRegular)
    const visit = this.#visit
    visit.userId = visitor.id
    visit.sessionId = this.#sessionIds.next()
    visit.time = this.#calendar.start(random)
    visit.previousPage = channel.referrer
    const wanted = popularProducts.pick(random)
    const landing = landingPath(random, intent, wanted)
    const hash = random.chance(0.03) ? 'reviews' : ''
    this.#writeRow(visitor, channel, landing, hash)
    this.#ledger.notePlainSession(visit.time, intent !== 'unseen')
    // One session in two hundred leaves a page open for half an hour and more.
    this.#dwellBonus = random.chance(0.005) ? 1800 + random.below(900) : 0
    if (intent === 'unseen') return
    visit.time += random.below(3)
    this.#pages.view(visit, random, landing, hash, channel.query, this.#dwell())
    if (intent === 'bounce') return
    this.#browse(intent)
    if (intent === 'product') this.#viewProduct(wanted)
    if (intent === 'cart' || intent === 'order') this.#shop(user, wanted, intent === 'order')
  }

  /** Makes further ids that no session, event or order written so far has. */
  freshIds(): { session: () => string; event: () => string; order: () => string } {
    return {
      session: () => this.#sessionIds.next(),
      event: () => this.#eventIds.next(),
      order: () => orderId(++this.#orders.written),
    }
  }

  #writeRow(visitor: Visitor, channel: Channel, landing: string, hash: string): void {
    const { userId, sessionId, time } = this.#visit
    const { place, device } = visitor
    const where = `${place.country},${place.region},${place.city},${visitor.address}`
    const arrival = `${channel.referrer},${landing},${channel.query},${hash}`
    const utm = `${channel.source},${channel.medium},${channel.campaign}`
    this.#sheets.session_table.add(
      `${userId},${sessionId},${this.#calendar.stamp(time)},${device.platform},${device.type},${where},${arrival},${visitor.browser},${utm}\n`,
    )
  }

  /** Categories and posts; two to six of them. */
  #browse(intent: Intent): void {
    const random = this.#random
    const pages = (intent === 'browse' ? 3 : 2) + random.below(4)
    for (let i = 0; i < pages; i++) {
      const isPost = random.chance(0.12)
      const path = isPost ? choose(random, BLOG_PATHS) : choose(random, CATEGORY_PATHS)
      this.#view(path, isPost || random.chance(0.8) ? '' : `page=${2 + random.below(3)}`)
    }
  }

  #viewProduct(product: Product): void {
    this.#view(`/products/${product.slug}`)
    if (this.#random.chance(0.6)) this.#view(`/products/${popularProducts.pick(this.#random).slug}`)
  }

  /** Fills the cart, looks at it, checks out or goes away. */
  #shop(user: number, wanted: Product, buys: boolean): void {
    const random = this.#random
    const cart = new Map<Product, number>()
    for (let i = ADDS[random.below(ADDS.length)]!, product = wanted; i > 0; i--) {
      if (i < 4 && random.chance(0.9) && cart.size > 0) product = popularProducts.pick(random)
      this.#view(`/products/${product.slug}`)
      const pieces = QUANTITIES[random.below(QUANTITIES.length)]!
      this.#addToCart(product, pieces)
      cart.set(product, (cart.get(product) ?? 0) + pieces)
    }
    if (!buys) {
      if (random.chance(0.6)) this.#view('/cart')
      if (random.chance(0.3)) this.#view('/checkout')
      return
    }
    this.#view('/cart')
    this.#view('/checkout')
    this.#orders.write(this.#visit, random, user, [...cart])
    this.#visit.time += 1 + random.below(3)
    this.#view('/thank-you')
  }

  /** A moment before the product's page is left. */
  #addToCart(product: Product, pieces: number): void {
    const random = this.#random
    const { userId, sessionId, time } = this.#visit
    const known = random.chance(0.98) ? userId : ''
    const stamp = this.#calendar.stamp(time - 1 - random.below(3))
    const price = random.chance(0.97) ? money(product.cents) : ''
    const quantity = pieces === 1 && random.chance(0.03) ? '' : pieces
    this.#sheets.add_to_cart_table.add(
      `${this.#eventIds.next()},${known},${sessionId},${stamp},${this.#pages.pageCells},${product.name},${price},${quantity}\n`,
    )
  }

  #view(path: string, query = ''): void {
    this.#pages.view(this.#visit, this.#random, path, '', query, this.#dwell())
  }

  /** Seconds on a page: mostly short, at most 200, but for the one page that is left open. */
  #dwell(): number {
    const point = this.#random.unit()
    const bonus = this.#dwellBonus
    this.#dwellBonus = 0
    return 5 + Math.floor(point * point * 195) + bonus
  }
}

/** How many cart adds, for sessions that have some. */
const ADDS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4]
const CATEGORY_PATHS = categories.map((category) => `/category/${category}`)
const BLOG_PATHS = blogPosts.map((post) => `/blog/${post}`)

function chooseIntent(random: Random, isRegular: boolean): Intent {
  const point = random.unit()
  if (point < (isRegular ? 0.5 : 0.068)) return 'order'
  if (point < (isRegular ? 0.7 : 0.29)) return 'cart'
  if (point < 0.56) return 'product'
  if (point < 0.74) return 'browse'
  return point < 0.99 ? 'bounce' : 'unseen'
}

function landingPath(random: Random, intent: Intent, wanted: Product): string {
  const point = random.unit()
  if (point < 0.4) return '/'
  if (point < 0.65) return choose(random, CATEGORY_PATHS)
  if (point < 0.8 || intent === 'browse') return choose(random, BLOG_PATHS)
  return `/products/${wanted.slug}`
}

function choose(random: Random, items: readonly string[]): string {
  return items[random.below(items.length)]!
}
