import { definePreset } from './preset.ts'

/** Stands where a report has no value. */
const DASHES = ['--']

/**
 * Google Ads, Campaigns, by day, downloaded as .csv: two title lines above the header, totals at the end.
 * Columns as of 2026-11: Google Ads Help, "Download your reports", with the column Currency code.
 */
export const google_ads = definePreset({
  name: 'google_ads',
  system: 'Google Ads: campaigns by day',
  knownBy: 'marketing_spend_table',
  tables: {
    marketing_spend_table: {
      files: ['google_ads*.csv', 'google_ads*.csv.gz'],
      skipLines: 2,
      stopAt: { column: 'Day', prefix: 'Total' },
      where: [{ column: 'Day', not: ['', ...DASHES] }],
      keep: 'last',
      thousands: ',',
      columns: {
        time: 'Day',
        utm_source: { constant: 'google' },
        utm_medium: { constant: 'cpc' },
        utm_campaign: 'Campaign',
        platform: { constant: 'google_ads' },
        account: { constant: '' },
        campaign_id: 'Campaign ID',
        ad_group: { constant: '' },
        ad: { constant: '' },
        spend: { column: 'Cost', nullIf: DASHES },
        impressions: { column: 'Impr.', nullIf: DASHES },
        clicks: { column: 'Clicks', nullIf: DASHES },
      },
    },
  },
})
