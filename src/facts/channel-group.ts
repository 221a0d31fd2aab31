import { PairIndex } from '../collections/groups/pair-index.ts'
import { type Dictionary, dictionaryOf, NO_CODE } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'
import {
  type ChannelRule,
  type ChannelRules,
  SOURCE_CATEGORIES,
  type SourceCategory,
} from '../rules/channels.ts'
import { type TextRule, textTest } from '../rules/text-rule.ts'

/** GA4's default channel groups (SPEC section 4). */
export const CHANNEL_GROUPS = [
  'Direct',
  'Cross-network',
  'Paid Shopping',
  'Paid Search',
  'Paid Social',
  'Paid Video',
  'Display',
  'Paid Other',
  'Organic Shopping',
  'Organic Social',
  'Organic Video',
  'Organic Search',
  'Referral',
  'Email',
  'Affiliates',
  'Audio',
  'SMS',
  'Mobile Push',
  'Unassigned',
] as const
export type ChannelGroup = (typeof CHANNEL_GROUPS)[number]

const CATEGORIES: ReadonlyMap<string, SourceCategory> = new Map(
  (
    [
      ['search', 'google bing yahoo duckduckgo baidu yandex ecosia'],
      ['social', 'facebook instagram twitter x tiktok linkedin pinterest reddit snapchat whatsapp threads'],
      ['video', 'youtube vimeo twitch'],
      ['shopping', 'amazon ebay etsy walmart shopping google_shopping'],
    ] as const
  ).flatMap(([category, sources]) => sources.split(' ').map((source) => [source, category] as const)),
)

const DIRECT_SOURCES = new Set(['', 'direct', '(direct)'])
const DIRECT_MEDIUMS = new Set(['', 'direct', 'none', '(none)', '(not set)'])
const DISPLAY_MEDIUMS = new Set(['display', 'banner', 'expandable', 'interstitial', 'cpm'])
const SOCIAL_MEDIUMS = new Set([
  'social',
  'social-network',
  'social-media',
  'sm',
  'social network',
  'social media',
])
const REFERRAL_MEDIUMS = new Set(['referral', 'app', 'link'])
const EMAIL = new Set(['email', 'e-mail', 'e_mail', 'e mail', 'newsletter'])
const AFFILIATE_MEDIUMS = new Set(['affiliate', 'affiliates'])

/**
 * The channel group of one source, medium and campaign, by the shop's own rules and then by GA4's; null
 * counts as empty.
 *
 * @example channelGrouping(rules)('www.google.co.uk', 'CPC', null) → 'Paid Search'
 * @example channelGrouping(rules)(null, null, null) → 'Direct'
 */
export function channelGrouping(
  rules: ChannelRules,
): (utmSource: string | null, utmMedium: string | null, utmCampaign: string | null) => string {
  const own = rules.rules.map(ownRule)
  const categories = new Map(CATEGORIES)
  for (const category of SOURCE_CATEGORIES)
    for (const source of rules.sources[category]) categories.set(source, category)
  return (utmSource, utmMedium, utmCampaign) => {
    const source = lowerAscii(utmSource ?? '')
    const medium = lowerAscii(utmMedium ?? '')
    const campaign = lowerAscii(utmCampaign ?? '')
    const found = own.find(({ fits }) => fits(source, medium, campaign))
    return found?.group ?? ga4Group(source, medium, campaign, categoryOf(source, categories))
  }
}

/** One rule of the shop: all of its conditions must hold. */
function ownRule({ group, source, medium, campaign }: ChannelRule) {
  const anything = () => true
  const test = (rules: readonly TextRule[] | undefined) =>
    rules === undefined ? anything : onceEach(textTest(rules.map(lowerRule), 'equals'))
  const [fitsSource, fitsMedium, fitsCampaign] = [test(source), test(medium), test(campaign)]
  return {
    group,
    fits: (s: string, m: string, c: string) => fitsSource(s) && fitsMedium(m) && fitsCampaign(c),
  }
}

/** The same test, with each text looked at once: a source stands in many pairs with medium and campaign. */
function onceEach(test: (text: string) => boolean): (text: string) => boolean {
  const verdicts = new Map<string, boolean>()
  return (text) => {
    const known = verdicts.get(text)
    if (known !== undefined) return known
    const verdict = test(text)
    verdicts.set(text, verdict)
    return verdict
  }
}

/** The rule for texts in lower case. A regex stays as it is: `\S` is not `\s`. */
function lowerRule(rule: TextRule): TextRule {
  if (typeof rule === 'string') return lowerAscii(rule)
  const lower = (text: string | undefined) => (text === undefined ? undefined : lowerAscii(text))
  const { equals, prefix, contains, glob, regex } = rule
  return {
    equals: lower(equals),
    prefix: lower(prefix),
    contains: lower(contains),
    glob: lower(glob),
    regex,
  }
}

/** GA4's rules, in their order; the texts are in lower case. */
function ga4Group(
  source: string,
  medium: string,
  campaign: string,
  category: SourceCategory | undefined,
): ChannelGroup {
  const paid = isPaid(medium)
  const shop = isShop(campaign)
  if (DIRECT_SOURCES.has(source) && DIRECT_MEDIUMS.has(medium)) return 'Direct'
  if (campaign.includes('cross-network')) return 'Cross-network'
  if (paid && (category === 'shopping' || shop)) return 'Paid Shopping'
  if (paid && category === 'search') return 'Paid Search'
  if (paid && category === 'social') return 'Paid Social'
  if (paid && category === 'video') return 'Paid Video'
  if (DISPLAY_MEDIUMS.has(medium)) return 'Display'
  if (paid) return 'Paid Other'
  if (category === 'shopping' || shop) return 'Organic Shopping'
  if (category === 'social' || SOCIAL_MEDIUMS.has(medium)) return 'Organic Social'
  if (category === 'video' || medium.includes('video')) return 'Organic Video'
  if (category === 'search' || medium === 'organic') return 'Organic Search'
  if (REFERRAL_MEDIUMS.has(medium)) return 'Referral'
  if (EMAIL.has(source) || EMAIL.has(medium)) return 'Email'
  if (AFFILIATE_MEDIUMS.has(medium)) return 'Affiliates'
  if (medium === 'audio') return 'Audio'
  if (source === 'sms' || medium === 'sms') return 'SMS'
  if (medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification'))
    return 'Mobile Push'
  return 'Unassigned'
}

function lowerAscii(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** `^(.*cp.*|ppc|retargeting|paid.*)$`, where `.` is anything but LF; without a regex's backtracking. */
function isPaid(medium: string): boolean {
  if (medium === 'ppc' || medium === 'retargeting') return true
  return !medium.includes('\n') && (medium.includes('cp') || medium.startsWith('paid'))
}

/**
 * `^(.*(([^a-df-z]|^)shop|shopping).*)$`, where `.` is anything but LF; without a regex's backtracking.
 * The only LF that can be matched is the one just before `shop`, by `[^a-df-z]`.
 */
function isShop(campaign: string): boolean {
  const firstLf = campaign.indexOf('\n')
  if (firstLf < 0) return /(?:[^a-df-z]|^)shop|shopping/.test(campaign)
  return campaign.startsWith('\nshop', firstLf) && !campaign.includes('\n', firstLf + 1)
}

/** `m.facebook.com` counts as facebook, `www.google.co.uk` as google; `co.uk` alone has no label. */
function categoryOf(
  source: string,
  categories: ReadonlyMap<string, SourceCategory>,
): SourceCategory | undefined {
  const own = categories.get(source)
  if (own !== undefined || !source.includes('.')) return own
  const isTwoPart = /(?:^|\.)(?:co|com|org|net|gov|edu|ac|ne|or|go)\.[a-z]{2}$/.test(source)
  const label = source.split('.').at(isTwoPart ? -3 : -2)
  return label === undefined ? undefined : categories.get(label)
}

/** Channel groups by row of a sessions collection, each distinct combination looked at once. */
export class ChannelGroups {
  readonly dictionary: Dictionary = dictionaryOf(CHANNEL_GROUPS)
  readonly #groupOf: ReturnType<typeof channelGrouping>
  /** Pairs of source and medium, and those pairs with a campaign; a null counts as the code before the first. */
  readonly #pairs: PairIndex
  readonly #triples: PairIndex
  /** By triple. */
  readonly #codes: number[] = []
  readonly #source: TextVector
  readonly #medium: TextVector
  readonly #campaign: TextVector

  constructor(
    sessions: { utm_source: TextVector; utm_medium: TextVector; utm_campaign: TextVector },
    rules: ChannelRules,
  ) {
    this.#groupOf = channelGrouping(rules)
    this.#source = sessions.utm_source
    this.#medium = sessions.utm_medium
    this.#campaign = sessions.utm_campaign
    this.#pairs = new PairIndex(this.#medium.dictionary.size + 1)
    this.#triples = new PairIndex(this.#campaign.dictionary.size + 1)
  }

  /** The code of the row's channel group in `dictionary`. */
  codeOf(row: number): number {
    const source = this.#source.codes[row]!
    const medium = this.#medium.codes[row]!
    const campaign = this.#campaign.codes[row]!
    const triple = this.#triples.add(this.#pairs.add(source, medium + 1), campaign + 1)
    if (triple === this.#codes.length) {
      const group = this.#groupOf(
        textOrNull(this.#source, source),
        textOrNull(this.#medium, medium),
        textOrNull(this.#campaign, campaign),
      )
      this.#codes.push(this.dictionary.encodeText(group))
    }
    return this.#codes[triple]!
  }
}

function textOrNull(vector: TextVector, code: number): string | null {
  return code === NO_CODE ? null : vector.dictionary.text(code)
}
