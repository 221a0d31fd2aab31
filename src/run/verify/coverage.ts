import { join } from 'node:path'
import { calendarTable } from '../../aggregators/index.ts'
import type { RunOptions } from '../../config/run-options.ts'
import { KnownError } from '../../lib/errors.ts'
import { formatDay, parseDay } from '../../lib/times/wall-clock.ts'
import { setForm } from '../../outputs/index.ts'
import { type Manifest, publishedManifest } from '../commit/manifest.ts'
import { readAggregate } from './read-aggregate.ts'

const CALENDAR = setForm.fileOf(calendarTable.name)

/**
 * Refuses to replace a published set by a report of a range, if the set covers days outside of it, or if
 * nobody can know which days it covers: nobody should lose them for an option left over in a command line.
 *
 * @throws KnownError range_over_wider_set (create)
 */
export async function checkCoverage(options: RunOptions): Promise<void> {
  const { outputFolder, since, until } = options
  if (options.force || (since === undefined && until === undefined)) return
  const [from, to] = [since, until].map((day) => (day === undefined ? undefined : formatDay(day)))
  const range = [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `to ${to}`]
  const refuse = (message: string, found: string, cause?: unknown) =>
    new KnownError('create', 'range_over_wider_set', message, {
      file: join(outputFolder, CALENDAR),
      found,
      allowed: 'a range that holds all days of the published set',
      hint: 'write the report into another folder with --output, or replace the set with --force',
      cause,
    })
  const thisRun = `this run only the days ${range.join(' ').trim()}: it would take the others away`
  const mayCoverAny = (why: string, cause: unknown) =>
    refuse(
      `the set in ${outputFolder} may cover any days, since its dates cannot be read (${why}), ${thisRun}`,
      `dates that cannot be read: ${why}`,
      cause,
    )
  let manifest: Manifest | undefined
  try {
    manifest = publishedManifest(outputFolder)
  } catch (cause) {
    throw mayCoverAny(messageOf(cause), cause)
  }
  // Without a manifest there is no set that anybody could lose.
  if (manifest === undefined) return
  const published = await publishedDates(outputFolder, manifest).catch((cause: unknown) => {
    throw mayCoverAny(`${CALENDAR}: ${messageOf(cause)}`, cause)
  })
  if (published === undefined) return
  const [first, last] = published
  const isWider = (from !== undefined && first < from) || (to !== undefined && last > to)
  if (!isWider) return
  throw refuse(`the set in ${outputFolder} covers ${first} to ${last}, ${thisRun}`, `${first} to ${last}`)
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/**
 * First and last day of the published set; undefined if it has none.
 *
 * @throws Error of what keeps them from being read
 */
async function publishedDates(
  outputFolder: string,
  manifest: Manifest,
): Promise<readonly [string, string] | undefined> {
  const listed = manifest.files.find(({ file }) => file === CALENDAR)
  if (listed === undefined) throw new Error('the manifest does not list it')
  const path = join(outputFolder, CALENDAR)
  const { rows, firstDate, lastDate } = await readAggregate({ path, sum: [], count: [] })
  if (rows !== listed.rows) throw new Error(`it has ${rows} rows, the manifest says ${listed.rows}`)
  if (rows === 0) return undefined
  if (parseDay(firstDate ?? '') === undefined || parseDay(lastDate ?? '') === undefined)
    throw new Error('its column date does not hold dates')
  return [firstDate!, lastDate!]
}
