import { defineRawTable, optional, required } from './define.ts'

export const marketing_spend_table = defineRawTable({
  name: 'marketing_spend_table',
  grain: 'one row per day and campaign, or whatever finer the ad platform reports',
  isOptional: true,
  key: 'time',
  keyColumns: [
    'time',
    'utm_source',
    'utm_medium',
    'utm_campaign',
    'platform',
    'account',
    'campaign_id',
    'ad_group',
    'ad',
  ],
  time: 'time',
  comparesDuplicates: true,
  comparedColumns: ['spend', 'impressions', 'clicks'],
  mayBeMissing: true,
  worth: { amount: 'spend' },
  columns: {
    time: required('timestamp', 'the day of the ad account; the time within the day tells no rows apart', {
      tellsApart: 'day',
    }),
    utm_source: required('text', 'campaign source, as sessions have it'),
    utm_medium: optional('text', 'campaign medium, as sessions have it'),
    utm_campaign: optional('text', 'campaign name, as sessions have it'),
    platform: optional('text', 'ad platform'),
    account: optional('text', 'account on the ad platform'),
    campaign_id: optional('text', 'campaign on the ad platform'),
    ad_group: optional('text', 'ad group or ad set'),
    ad: optional('text', 'single ad'),
    spend: required('money', 'what was spent; 0 is allowed, below 0 it is a credit note', {
      mayBeNegative: true,
    }),
    impressions: optional('large_integer', 'how often ads were shown'),
    clicks: optional('large_integer', 'clicks on ads'),
  },
})
