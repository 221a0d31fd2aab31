import { definePreset } from './preset.ts'

/**
 * Meta Ads Manager, campaigns with the breakdown by day, exported as .csv. The currency stands in the header.
 * Columns as of 2026-11: Meta Business Help Center, "Export ad reports".
 */
export const meta_ads = definePreset({
  name: 'meta_ads',
  system: 'Meta Ads: campaigns by day',
  knownBy: 'marketing_spend_table',
  tables: {
    marketing_spend_table: {
      files: ['meta_ads*.csv', 'meta_ads*.csv.gz'],
      where: [{ column: 'Day', not: '' }],
      keep: 'last',
      columns: {
        time: 'Day',
        utm_source: { constant: 'facebook' },
        utm_medium: { constant: 'paid_social' },
        utm_campaign: 'Campaign name',
        platform: { constant: 'meta_ads' },
        account: { constant: '' },
        campaign_id: 'Campaign ID',
        ad_group: { constant: '' },
        ad: { constant: '' },
        spend: 'Amount spent (EUR)',
        impressions: 'Impressions',
        clicks: 'Link clicks',
      },
    },
  },
})
