import { join } from 'node:path'
import { KnownError } from '../lib/errors.ts'
import { formatDay } from '../lib/wall-clock.ts'
import { publishedFiles } from './manifest.ts'
import type { RunOptions } from './options.ts'
import { readAggregate } from './read-aggregate.ts'

/** The table whose dates are all that a set covers: it has a row for each day of the shop's calendar. */
const CALENDAR = 'daily_business_metrics.csv'

/**
 * Refuses to replace a published set by a report of a range, if the set covers days outside of it: nobody
 * should lose them for an option left over in a command line.
 *
 * @throws KnownError range_over_wider_set (create)
 */
export async function checkCoverage(options: RunOptions): Promise<void> {
  const { outputFolder, since, until } = options
  if (options.force === true || (since === undefined && until === undefined)) return
  const published = await publishedDates(outputFolder)
  if (published === undefined) return
  const [first, last] = published
  const [from, to] = [since, until].map((day) => (day === undefined ? undefined : formatDay(day)))
  const isWider = (from !== undefined && first < from) || (to !== undefined && last > to)
  if (!isWider) return
  const range = [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `to ${to}`]
  throw new KnownError(
    'create',
    'range_over_wider_set',
    `the set in ${outputFolder} covers ${first} to ${last}, this run only the days ${range.join(' ').trim()}: it would take the others away`,
    {
      file: join(outputFolder, CALENDAR),
      found: `${first} to ${last}`,
      allowed: 'a range that holds all days of the published set',
      hint: 'write the report into another folder with --output, or replace the set with --force',
    },
  )
}

/** First and last day of the published set; undefined if there is none, or none that can be read. */
async function publishedDates(outputFolder: string): Promise<readonly [string, string] | undefined> {
  if (!publishedFiles(outputFolder).includes(CALENDAR)) return undefined
  try {
    const { firstDate, lastDate } = await readAggregate({
      path: join(outputFolder, CALENDAR),
      sum: [],
      count: [],
    })
    return firstDate === undefined || lastDate === undefined ? undefined : [firstDate, lastDate]
  } catch {
    return undefined
  }
}
