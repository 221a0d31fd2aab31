import { readFileSync } from 'node:fs'

/** What the build puts here; run from its sources, the program asks package.json. */
declare const ECOMAGG_VERSION: string | undefined

/** The version of this package, as its package.json says. */
export function packageVersion(): string {
  if (typeof ECOMAGG_VERSION === 'string') return ECOMAGG_VERSION
  const url = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version
}
