import { type Dictionary, dictionaryOf, NO_CODE } from '../collections/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'

/** GA4's default channel groups (SPEC section 4), and the one of sessions known only from orders. */
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
export const UNATTRIBUTED = '(unattributed)'

type Category = 'search' | 'social' | 'video' | 'shopping'

const CATEGORIES: ReadonlyMap<string, Category> = new Map(
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
 * The channel group of one source, medium and campaign; null counts as empty.
 *
 * @example channelGroup('www.google.co.uk', 'CPC', null) → 'Paid Search'
 * @example channelGroup(null, null, null) → 'Direct'
 */
export function channelGroup(
  utmSource: string | null,
  utmMedium: string | null,
  utmCampaign: string | null,
): ChannelGroup {
  const source = lowerAscii(utmSource ?? '')
  const medium = lowerAscii(utmMedium ?? '')
  const campaign = lowerAscii(utmCampaign ?? '')
  const category = categoryOf(source)
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
function categoryOf(source: string): Category | undefined {
  if (!source.includes('.')) return CATEGORIES.get(source)
  const isTwoPart = /(?:^|\.)(?:co|com|org|net|gov|edu|ac|ne|or|go)\.[a-z]{2}$/.test(source)
  const label = source.split('.').at(isTwoPart ? -3 : -2)
  return label === undefined ? undefined : CATEGORIES.get(label)
}

/** Channel groups by row of a sessions collection, each distinct combination looked at once. */
export class ChannelGroups {
  readonly dictionary: Dictionary = dictionaryOf([...CHANNEL_GROUPS, UNATTRIBUTED])
  readonly #known = new Map<string, number>()
  readonly #source: TextVector
  readonly #medium: TextVector
  readonly #campaign: TextVector

  constructor(sessions: { utm_source: TextVector; utm_medium: TextVector; utm_campaign: TextVector }) {
    this.#source = sessions.utm_source
    this.#medium = sessions.utm_medium
    this.#campaign = sessions.utm_campaign
  }

  /** The code of the row's channel group in `dictionary`. */
  codeOf(row: number): number {
    const source = this.#source.codes[row]!
    const medium = this.#medium.codes[row]!
    const campaign = this.#campaign.codes[row]!
    const key = `${source} ${medium} ${campaign}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const group = channelGroup(
      textOrNull(this.#source, source),
      textOrNull(this.#medium, medium),
      textOrNull(this.#campaign, campaign),
    )
    const code = CHANNEL_GROUPS.indexOf(group)
    this.#known.set(key, code)
    return code
  }
}

function textOrNull(vector: TextVector, code: number): string | null {
  return code === NO_CODE ? null : vector.dictionary.text(code)
}
