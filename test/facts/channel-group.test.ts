import { describe, expect, test } from 'vitest'
import {
  CHANNEL_GROUPS,
  type ChannelGroup,
  ChannelGroups,
  channelGrouping,
} from '../../src/facts/channel-group.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { collectionsOf } from '../support/collections.ts'
import { Random, seedOf } from '../support/random.ts'

const channelGroup = channelGrouping(defaultRules.channels)

/** source, medium, campaign → group; worked out from SPEC section 4. */
const BY_HAND: readonly (readonly [string | null, string | null, string | null, ChannelGroup])[] = [
  [null, null, null, 'Direct'],
  ['', '', '', 'Direct'],
  ['direct', '(none)', null, 'Direct'],
  ['(Direct)', '(not set)', 'sale', 'Direct'],
  [null, 'none', null, 'Direct'],
  [null, 'Direct', null, 'Direct'],
  // Direct wins over everything below it.
  ['direct', null, 'cross-network', 'Direct'],
  ['direct', null, 'shop', 'Direct'],
  ['direct', 'email', null, 'Email'],
  ['google', '(none)', null, 'Organic Search'],
  [' direct', null, null, 'Unassigned'],
  ['google', 'cpc', 'my Cross-Network ad', 'Cross-network'],
  [null, 'email', 'cross-network', 'Cross-network'],
  ['amazon', 'cpc', null, 'Paid Shopping'],
  ['google', 'cpc', 'winter shop', 'Paid Shopping'],
  ['google', 'cpc', 'shopping', 'Paid Shopping'],
  // [^a-df-z] takes an e, a digit, a blank or a sign before shop.
  ['google', 'cpc', 'eshop', 'Paid Shopping'],
  ['google', 'cpc', '1shop', 'Paid Shopping'],
  ['google', 'cpc', 'workshop', 'Paid Search'],
  ['google', 'cpc', 'dshop', 'Paid Search'],
  ['google', 'cpc', 'workshopping', 'Paid Shopping'],
  ['google', 'cpc', 'shopper', 'Paid Shopping'],
  ['google', 'cpc', 'sho p', 'Paid Search'],
  ['google', 'CPC', null, 'Paid Search'],
  ['GOOGLE', 'ppc', null, 'Paid Search'],
  ['google', 'retargeting', null, 'Paid Search'],
  ['google', 'retargeting2', null, 'Organic Search'],
  ['google', 'ppc2', null, 'Organic Search'],
  ['google', 'paid', null, 'Paid Search'],
  ['google', 'unpaid', null, 'Organic Search'],
  ['google', 'xcpx', null, 'Paid Search'],
  ['bing', 'paidsearch', null, 'Paid Search'],
  ['facebook', 'cpc', null, 'Paid Social'],
  ['x', 'cpm', null, 'Paid Social'],
  ['youtube', 'cpv', null, 'Paid Video'],
  ['youtube', 'cpc', null, 'Paid Video'],
  ['doubleclick', 'cpm', null, 'Display'],
  ['google', 'display', null, 'Display'],
  ['a', 'banner', null, 'Display'],
  ['a', 'expandable', null, 'Display'],
  ['a', 'Interstitial', null, 'Display'],
  ['a', 'banners', null, 'Unassigned'],
  ['a', 'cpc', null, 'Paid Other'],
  ['a', 'paid-x', null, 'Paid Other'],
  ['ebay', null, null, 'Organic Shopping'],
  ['google_shopping', 'organic', null, 'Organic Shopping'],
  ['a', 'email', 'the shop', 'Organic Shopping'],
  ['etsy', 'referral', null, 'Organic Shopping'],
  ['instagram', 'referral', null, 'Organic Social'],
  ['a', 'sm', null, 'Organic Social'],
  ['a', 'social network', null, 'Organic Social'],
  ['google', 'social-media', null, 'Organic Social'],
  ['vimeo', null, null, 'Organic Video'],
  ['a', 'my-video-ad', null, 'Organic Video'],
  ['google', null, null, 'Organic Search'],
  ['a', 'organic', null, 'Organic Search'],
  ['ecosia', 'referral', null, 'Organic Search'],
  ['a', 'organics', null, 'Unassigned'],
  ['a', 'referral', null, 'Referral'],
  ['a', 'app', null, 'Referral'],
  ['a', 'link', null, 'Referral'],
  ['newsletter', null, null, 'Email'],
  ['a', 'e mail', null, 'Email'],
  ['e_mail', 'x', null, 'Email'],
  ['a', 'E-Mail', null, 'Email'],
  ['a', 'emails', null, 'Unassigned'],
  ['a', 'affiliate', null, 'Affiliates'],
  ['a', 'affiliates', null, 'Affiliates'],
  ['a', 'audio', null, 'Audio'],
  ['sms', null, null, 'SMS'],
  ['a', 'sms', null, 'SMS'],
  ['a', 'push', null, 'Mobile Push'],
  ['a', 'webpush', null, 'Mobile Push'],
  ['a', 'pushed', null, 'Unassigned'],
  ['a', 'my mobile ad', null, 'Mobile Push'],
  ['a', 'notification-x', null, 'Mobile Push'],
  ['a', null, null, 'Unassigned'],
  ['NA', 'NULL', 'None', 'Unassigned'],
  // One label of a source with dots.
  ['m.facebook.com', null, null, 'Organic Social'],
  ['www.google.co.uk', 'cpc', null, 'Paid Search'],
  ['google.co.uk', null, null, 'Organic Search'],
  ['google.com', null, null, 'Organic Search'],
  ['google.com.br', null, null, 'Organic Search'],
  ['x.com', null, null, 'Organic Social'],
  ['google.uk.co', null, null, 'Unassigned'],
  ['co.uk', null, null, 'Unassigned'],
  ['google.co.ukx', null, null, 'Unassigned'],
  ['google.de.vu', null, null, 'Unassigned'],
  ['facebook.google.com', null, null, 'Organic Search'],
  ['com.google', null, null, 'Unassigned'],
  ['google.', null, null, 'Organic Search'],
  ['.google', null, null, 'Unassigned'],
  ['.', null, null, 'Unassigned'],
  ['google.com.', null, null, 'Unassigned'],
  ['googles', null, null, 'Unassigned'],
  // Only ASCII letters are made small: the Kelvin sign is no k.
  ['tiKto\u212A', null, null, 'Unassigned'],
  ['YAHOO', null, null, 'Organic Search'],
  // A line feed is not matched by the dot, but may stand before shop.
  ['google', 'cpc\n', null, 'Organic Search'],
  ['google', 'a\ncpc', null, 'Organic Search'],
  ['google', 'cpc', 'a\nshop', 'Paid Shopping'],
  ['google', 'cpc', '\nshopping', 'Paid Shopping'],
  ['google', 'cpc', 'shop\n', 'Paid Search'],
  ['google', 'cpc', 'a\nb shop', 'Paid Search'],
  ['google', 'cpc', '\n\nshop', 'Paid Search'],
  ['google', 'cpc\r', null, 'Paid Search'],
]

test.each(BY_HAND)('%j, %j, %j: %s', (source, medium, campaign, group) => {
  expect(channelGroup(source, medium, campaign)).toBe(group)
})

test('every group was met above', () => {
  expect(CHANNEL_GROUPS.filter((group) => !BY_HAND.some((row) => row[3] === group))).toEqual([])
})

/** SPEC section 4 word for word, with its own regexes, in which the dot is anything but LF. */
const PAID = /^([^\n]*cp[^\n]*|ppc|retargeting|paid[^\n]*)$/
const SHOP = /^([^\n]*(([^a-df-z]|^)shop|shopping)[^\n]*)$/
const CATEGORY: Readonly<Record<string, string>> = {
  search: 'google bing yahoo duckduckgo baidu yandex ecosia',
  social: 'facebook instagram twitter x tiktok linkedin pinterest reddit snapchat whatsapp threads',
  video: 'youtube vimeo twitch',
  shopping: 'amazon ebay etsy walmart shopping google_shopping',
}

function bySpec(utmSource: string, utmMedium: string, utmCampaign: string): string {
  const lower = (text: string) => [...text].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('')
  const [source, medium, campaign] = [lower(utmSource), lower(utmMedium), lower(utmCampaign)]
  const paid = PAID.test(medium)
  const shop = SHOP.test(campaign)
  const is = (category: string) => CATEGORY[category]!.split(' ').includes(labelOf(source))
  const shopping = is('shopping') || shop
  const rules: readonly (readonly [string, boolean])[] = [
    [
      'Direct',
      ['', 'direct', '(direct)'].includes(source) &&
        ['', 'direct', 'none', '(none)', '(not set)'].includes(medium),
    ],
    ['Cross-network', campaign.includes('cross-network')],
    ['Paid Shopping', shopping && paid],
    ['Paid Search', is('search') && paid],
    ['Paid Social', is('social') && paid],
    ['Paid Video', is('video') && paid],
    ['Display', ['display', 'banner', 'expandable', 'interstitial', 'cpm'].includes(medium)],
    ['Paid Other', paid],
    ['Organic Shopping', shopping],
    [
      'Organic Social',
      is('social') ||
        ['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'].includes(medium),
    ],
    ['Organic Video', is('video') || medium.includes('video')],
    ['Organic Search', is('search') || medium === 'organic'],
    ['Referral', ['referral', 'app', 'link'].includes(medium)],
    [
      'Email',
      [source, medium].some((one) => ['email', 'e-mail', 'e_mail', 'e mail', 'newsletter'].includes(one)),
    ],
    ['Affiliates', ['affiliate', 'affiliates'].includes(medium)],
    ['Audio', medium === 'audio'],
    ['SMS', source === 'sms' || medium === 'sms'],
    ['Mobile Push', medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification')],
  ]
  return rules.find(([, fits]) => fits)?.[0] ?? 'Unassigned'
}

function labelOf(source: string): string {
  if (!source.includes('.')) return source
  const labels = source.split('.')
  const [second, last] = labels.slice(-2) as [string, string]
  const isPair = 'co com org net gov edu ac ne or go'.split(' ').includes(second) && /^[a-z][a-z]$/.test(last)
  return labels[labels.length - (isPair ? 3 : 2)] ?? ''
}

const { seed, name } = seedOf(4)
const SOURCES = [
  'google',
  'facebook',
  'x',
  'youtube',
  'amazon',
  'direct',
  '(direct)',
  'sms',
  'email',
  '.',
  '.',
  'co',
  'com',
  'uk',
  'de',
  'www',
  'a',
]
const MEDIUMS = [
  'cp',
  'c',
  'm',
  'ppc',
  'paid',
  'retargeting',
  'none',
  '(none)',
  'display',
  'social',
  'sm',
  'video',
  'organic',
  'app',
  'push',
  'mobile',
  'sms',
  'audio',
  'affiliate',
  's',
  'e mail',
  ' ',
  '\n',
  '\r',
  'C',
  'P',
]
const CAMPAIGNS = [
  'shop',
  'ping',
  'shopping',
  'e',
  'd',
  'z',
  ' ',
  '1',
  '-',
  '\n',
  '\r',
  '\u2028',
  'cross-network',
  'S',
  'HOP',
  '{',
  '`',
]

describe(`random texts, ${name}`, () => {
  test('fall into the group of the literal patterns', () => {
    const random = new Random(seed)
    const met = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      const source = random.text(SOURCES, 0, random.pick([1, 3, 5]))
      const medium = random.text(MEDIUMS, 0, random.pick([1, 3]))
      const campaign = random.chance(0.5) ? '' : random.text(CAMPAIGNS, 0, 4)
      const expected = bySpec(source, medium, campaign)
      met.add(expected)
      const group = channelGroup(source, medium, campaign)
      if (group !== expected) expect(group, JSON.stringify([source, medium, campaign])).toBe(expected)
    }
    expect(CHANNEL_GROUPS.filter((group) => !met.has(group))).toEqual([])
  })

  test('the rows of a collection are looked up alike', () => {
    const random = new Random(seed)
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      user_id: 'u',
      session_id: String(i),
      utm_source: random.pick([null, 'google', 'facebook', 'direct', 'a b', 'a']),
      utm_medium: random.pick([null, 'cpc', 'email', 'b', ' ']),
      utm_campaign: random.pick([null, 'shop', '1 2', '2']),
    }))
    const { session_table } = collectionsOf(
      { session_table: ['utm_source', 'utm_medium', 'utm_campaign'] } as const,
      { session_table: rows },
    )
    const groups = new ChannelGroups(session_table, defaultRules.channels)
    rows.forEach((row, i) => {
      const expected = bySpec(row.utm_source ?? '', row.utm_medium ?? '', row.utm_campaign ?? '')
      expect(groups.dictionary.text(groups.codeOf(i))).toBe(expected)
    })
  })
})

test('a hostile text costs no time', () => {
  const long = 'cp\n'.repeat(200_000)
  const started = performance.now()
  channelGroup('a.'.repeat(200_000), long, `${'sho'.repeat(200_000)}\n`)
  expect(performance.now() - started).toBeLessThan(2000)
})
