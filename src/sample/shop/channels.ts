import { Weighted } from './random.ts'

/** Where sessions come from: the utm columns, the referrer and the query of the landing page, all in step. */
export interface Channel {
  readonly source: string
  readonly medium: string
  readonly campaign: string
  readonly referrer: string
  readonly query: string
  readonly weight: number
}

function channel(weight: number, referrer: string, source: string, medium: string, campaign = ''): Channel {
  const isTagged = campaign !== ''
  const query = isTagged ? `utm_source=${source}&utm_medium=${medium}&utm_campaign=${campaign}` : ''
  return { source, medium, campaign, referrer, query, weight }
}

const channels: readonly Channel[] = [
  channel(24, '', '', ''),
  channel(24, 'https://www.google.com/', 'google', 'organic'),
  channel(9, 'https://www.google.com/', 'google', 'cpc', 'brand'),
  channel(6, 'https://www.google.com/', 'google', 'cpc', 'shopping_spring'),
  channel(3, 'https://www.google.com/', 'google', 'cpc', 'cross-network_spring'),
  channel(7, 'https://www.facebook.com/', 'facebook', 'paid_social', 'spring_sale'),
  channel(6, 'https://www.instagram.com/', 'instagram', 'social'),
  channel(7, '', 'newsletter', 'email', 'weekly_letter'),
  channel(3, 'https://www.bing.com/', 'bing', 'cpc', 'brand'),
  channel(2, 'https://www.bing.com/', 'bing', 'organic'),
  channel(3, 'https://partner.example/reviews', 'partner.example', 'referral'),
  channel(2, 'https://deals.example/coffee', 'deals.example', 'affiliate', 'spring_partners'),
  channel(2, 'https://www.tiktok.com/', 'tiktok', 'paid_social', 'kettle_video'),
  channel(1, 'https://www.youtube.com/', 'youtube', 'video'),
  channel(1, 'https://news.example/', 'adnetwork', 'display', 'retarget_spring'),
]

export const popularChannels: Weighted<Channel> = new Weighted(channels, ({ weight }) => weight)
