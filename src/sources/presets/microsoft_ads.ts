import { definePreset } from './preset.ts'

/** Stands where a report has no value. */
const DASHES = ['-', '--']

/**
 * Microsoft Advertising, campaign performance report by day, as .csv: nine title lines above the header, and
 * a copyright line at the end. Columns as of 2026-11: Microsoft Learn, "Reports", report file schema.
 */
export const microsoft_ads = definePreset({
  name: 'microsoft_ads',
  system: 'Microsoft Advertising: campaigns by day',
  knownBy: 'marketing_spend_table',
  tables: {
    marketing_spend_table: {
      files: ['microsoft_ads*.csv', 'microsoft_ads*.csv.gz'],
      skipLines: 9,
      stopAt: { column: 'Gregorian date', prefix: '©' },
      where: [{ column: 'Gregorian date', not: ['', ...DASHES, 'Total'] }],
      keep: 'last',
      thousands: ',',
      timeFormats: ['M/d/yyyy'],
      columns: {
        time: 'Gregorian date',
        utm_source: { constant: 'bing' },
        utm_medium: { constant: 'cpc' },
        utm_campaign: 'Campaign name',
        platform: { constant: 'microsoft_ads' },
        account: 'Account name',
        campaign_id: { column: 'Campaign ID', trimPrefix: '[', trimSuffix: ']' },
        ad_group: { constant: '' },
        ad: { constant: '' },
        spend: { column: 'Spend', nullIf: DASHES },
        impressions: { column: 'Impressions', nullIf: DASHES },
        clicks: { column: 'Clicks', nullIf: DASHES },
      },
    },
  },
})
