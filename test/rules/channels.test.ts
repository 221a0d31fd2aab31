import { describe, expect, test } from 'vitest'
import { session_attribution } from '../../src/aggregators/session_attribution/index.ts'
import { user_lifetime_metrics } from '../../src/aggregators/user_lifetime_metrics/index.ts'
import { channelGrouping } from '../../src/facts/channel-group.ts'
import { channelsSchema } from '../../src/rules/channels.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const grouping = (given: unknown) => channelGrouping(channelsSchema.parse(given))

describe('channel groups of the shop', () => {
  test('are tried in their order, and before those of GA4', () => {
    const group = grouping({
      rules: [
        { group: 'Partner', source: ['partner'] },
        { group: 'Brand search', source: ['google'], campaign: [{ contains: 'brand' }] },
        { group: 'Google', source: ['google'] },
        { group: 'Partner again', source: ['partner'] },
      ],
    })
    expect(group('partner', 'cpc', null)).toBe('Partner')
    expect(group('google', 'cpc', 'our brand 2025')).toBe('Brand search')
    expect(group('google', 'cpc', null)).toBe('Google')
    expect(group('bing', 'cpc', null)).toBe('Paid Search')
    expect(group(null, null, null)).toBe('Direct')
  })

  test('take a session only if all their conditions hold', () => {
    const group = grouping({
      rules: [{ group: 'Mine', source: ['a', 'b'], medium: ['m'], campaign: [{ prefix: 'c' }] }],
    })
    expect(group('a', 'm', 'c1')).toBe('Mine')
    expect(group('b', 'm', 'c')).toBe('Mine')
    for (const [source, medium, campaign] of [
      ['c', 'm', 'c1'],
      ['a', 'n', 'c1'],
      ['a', 'm', 'd'],
      ['a', 'm', null],
      ['a', null, 'c1'],
    ] as const)
      expect(group(source, medium, campaign)).toBe('Unassigned')
  })

  test('a plain text is the whole text, not a part of it', () => {
    const group = grouping({ rules: [{ group: 'Mine', source: ['part'] }] })
    expect(group('part', null, null)).toBe('Mine')
    expect(group('partner', null, null)).toBe('Unassigned')
    expect(group('www.part.com', null, null)).toBe('Unassigned')
  })

  test('compare in lower case, of both the data and the rule', () => {
    const group = grouping({
      rules: [
        { group: 'Plain', source: ['PartNer'] },
        { group: 'Equals', source: [{ equals: 'Two' }] },
        { group: 'Prefix', source: [{ prefix: 'Pre' }] },
        { group: 'Contains', source: [{ contains: 'MID' }] },
        { group: 'Glob', source: [{ glob: 'Ads-*' }] },
        { group: 'Regex', source: [{ regex: '^r\\Sx$' }] },
      ],
    })
    const texts = ['PARTNER', 'tWO', 'PREfix', 'aMIDst', 'ADS-7', 'RyX']
    expect(texts.map((text) => group(text, null, null))).toEqual([
      'Plain',
      'Equals',
      'Prefix',
      'Contains',
      'Glob',
      'Regex',
    ])
    // ASCII letters only, as everywhere.
    expect(group('PARTNER', null, null)).toBe('Plain')
    expect(grouping({ rules: [{ group: 'k', source: ['\u212A'] }] })('k', null, null)).toBe('Unassigned')
  })

  test('may have a name of GA4, or win over Direct', () => {
    const group = grouping({
      rules: [
        { group: 'Email', source: ['crm'] },
        { group: 'App', medium: ['(none)'] },
      ],
    })
    expect(group('crm', null, null)).toBe('Email')
    expect(group('direct', '(none)', null)).toBe('App')
    expect(group('direct', null, null)).toBe('Direct')
  })

  test.each([
    [{ rules: [{ group: 'x' }] }, /would take every session/],
    [{ rules: [{ group: '(unattributed)', source: ['a'] }] }, /choose another name/],
    [{ sources: { social: ['Facebook'] } }, /lower case/],
    [{ sources: { social: ['a'], search: ['a'] } }, /^a is in search and in social$/],
  ])('%j is refused', (given, message) => {
    const { error } = channelsSchema.safeParse(given)
    expect(error?.issues.map((issue) => issue.message)).toEqual([expect.stringMatching(message)])
  })
})

describe('sources of the shop', () => {
  const group = grouping({
    sources: {
      search: ['facebook', 'find.example.org'],
      social: ['mastodon', 'www.google.co.uk'],
      video: ['peertube'],
      shopping: ['idealo'],
    },
  })

  test('belong to their category', () => {
    expect(group('mastodon', null, null)).toBe('Organic Social')
    expect(group('Mastodon', 'cpc', null)).toBe('Paid Social')
    expect(group('peertube', 'paid', null)).toBe('Paid Video')
    expect(group('idealo', 'cpc', null)).toBe('Paid Shopping')
  })

  test('win over the category that GA4 gives them', () => {
    expect(group('facebook', null, null)).toBe('Organic Search')
    expect(group('facebook', 'cpc', null)).toBe('Paid Search')
    expect(group('instagram', null, null)).toBe('Organic Social')
  })

  test('with dots: the whole source first, then its one label', () => {
    expect(group('m.facebook.com', null, null)).toBe('Organic Search')
    expect(group('find.example.org', null, null)).toBe('Organic Search')
    expect(group('other.example.org', null, null)).toBe('Unassigned')
    expect(group('de.mastodon.social', null, null)).toBe('Organic Social')
    expect(group('mastodon.de.social', null, null)).toBe('Unassigned')
    expect(group('www.mastodon.org', null, null)).toBe('Organic Social')
    expect(group('www.google.co.uk', null, null)).toBe('Organic Social')
    expect(group('maps.google.co.uk', null, null)).toBe('Organic Search')
  })
})

test('attribution and first touch name the same groups', () => {
  const channels = {
    rules: [{ group: 'Ünser Partner, "A"', source: [{ prefix: 'partner' }] }],
    sources: { social: ['mastodon'] },
  }
  const sources = ['partner-1', 'mastodon', 'google', null, 'PARTNER-2', 'someone']
  const rows: Rows = {
    user_table: sources.map((_, i) => ({ user_id: `u${i}` })),
    session_table: sources.map((utm_source, i) => ({
      user_id: `u${i}`,
      session_id: `s${i}`,
      time: '2025-01-01',
      utm_source,
    })),
  }
  const expected = [
    'Ünser Partner, "A"',
    'Organic Social',
    'Organic Search',
    'Direct',
    'Ünser Partner, "A"',
    'Unassigned',
  ].map((group, i) => `u${i} ${group}`)
  const attribution = aggregated(session_attribution, rows, { rules: { channels } }).rows
  const lifetime = aggregated(user_lifetime_metrics, rows, { rules: { channels } }).rows
  expect(columnsOf(attribution, 'user_id', 'channel_group')).toEqual(expected)
  expect(columnsOf(lifetime, 'user_id', 'first_touch_channel')).toEqual(expected)
})
