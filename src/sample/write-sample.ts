import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../lib/errors.ts'
import { replaceFile } from '../lib/files/fs-safe.ts'
import { parseDay } from '../lib/times/wall-clock.ts'
import { SessionWriter } from './session-writer.ts'
import { Calendar } from './shop/calendar.ts'
import { holdsRawTables, type Sheets, type WrittenFile, writeSheets } from './shop/sheets.ts'
import { TruthLedger } from './shop/truth-ledger.ts'
import { userId, Visitors } from './shop/visitors.ts'
import { plantTraps } from './traps/index.ts'
import type { FreshIds } from './traps/trap-room.ts'

export interface SampleOptions {
  readonly folder: string
  /** The same options give the same bytes. */
  readonly seed: number
  readonly sessions: number
  /** Over how many days, and the last of them as `YYYY-MM-DD`. */
  readonly days: number
  readonly endDate: string
  /** Whether to plant the traps of real data, and to write `expected.json` with the truth about them. */
  readonly traps: boolean
  readonly signal?: AbortSignal | undefined
}

export interface SampleResult {
  readonly files: WrittenFile[]
  /** Path of `expected.json`, with traps. */
  readonly expected?: string
}

/** How many sessions or users are written before others get a turn and signals are heard. */
const TURN = 2000

/**
 * Writes the eight raw tables of a made-up shop, or nothing at all.
 *
 * @throws KnownError cannot_create_folder, cannot_create (create), write_failed (io), date_out_of_range
 *   (usage); the signal's reason if it is aborted
 */
export async function writeSample(options: SampleOptions): Promise<SampleResult> {
  const calendar = calendarOf(options)
  const visitors = new Visitors(options.seed, options.sessions)
  const ledger = new TruthLedger(visitors.count)
  const hadTables = holdsRawTables(options.folder)
  const expected = join(options.folder, 'expected.json')
  const files = await writeSheets(options.folder, async (sheets) => {
    const fresh = await writePlain(options, calendar, visitors, sheets, ledger)
    if (options.traps) plantTraps({ ...options, calendar, sheets, ledger, fresh })
  })
  if (!options.traps) {
    // The truth about tables that are no more would be a lie.
    if (hadTables) rmSync(expected, { force: true })
    return { files }
  }
  const truth = `${JSON.stringify(ledger.report(options.seed, options.sessions), null, 2)}\n`
  replaceFile(expected, truth, 0o644)
  return { files, expected }
}

const LAST_END = parseDay('2199-12-30')!

function calendarOf({ endDate, days }: SampleOptions): Calendar {
  const lastDay = parseDay(endDate)
  if (lastDay !== undefined && lastDay - days > 0 && lastDay <= LAST_END) return new Calendar(lastDay, days)
  throw new KnownError('usage', 'date_out_of_range', `${days} days up to ${endDate} are out of range`, {
    found: endDate,
    allowed: 'days between 1970-01-03 and 2199-12-30',
    hint: 'choose another --end-date or fewer --days',
  })
}

/** The rows without traps. @returns makers of ids that none of them has */
async function writePlain(
  { seed, sessions, signal }: SampleOptions,
  calendar: Calendar,
  visitors: Visitors,
  sheets: Sheets,
  ledger: TruthLedger,
): Promise<FreshIds> {
  const writer = new SessionWriter(seed, calendar, visitors, sheets, ledger)
  for (let i = 0; i < sessions; i++) {
    if (i % TURN === 0) await takeTurns(signal)
    writer.write(i)
  }
  for (let i = 0; i < visitors.count; i++) {
    if (i % TURN === 0) await takeTurns(signal)
    sheets.user_table.add(visitors.userRow(i))
  }
  let users = visitors.count
  return { ...writer.freshIds(), user: () => userId(users++) }
}

async function takeTurns(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}
