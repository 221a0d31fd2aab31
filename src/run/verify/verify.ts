import { hostname } from 'node:os'
import { join } from 'node:path'
import { calendarTable } from '../../aggregators/index.ts'
import { controlRules, type TotalUnit } from '../../checks/control-rules.ts'
import { sideSource } from '../../checks/control-totals.ts'
import { KnownError } from '../../lib/errors.ts'
import {
  add,
  compare,
  divideRounded,
  formatMoney,
  formatQuantity,
  MONEY_SCALE,
  multiply,
  negate,
  type Whole,
} from '../../lib/numbers/exact.ts'
import type { Manifest, ManifestFile } from '../commit/manifest.ts'
import { hasJournal } from '../commit/publish.ts'
import { completeCutShort, faultOfSet, readManifest, requireOutput } from '../commit/published-set.ts'
import { currentHolder, takeLock } from '../lock/lock.ts'
import { type PublishedTable, readAggregate } from './read-aggregate.ts'

export interface VerifiedTotal {
  readonly name: string
  readonly unit: TotalUnit
  readonly holds: boolean
  readonly sides: readonly { readonly source: string; readonly value: string }[]
}

/** The published set, found whole. */
export interface VerifyResult {
  readonly output_folder: string
  readonly run_id: string
  readonly as_of: string | null
  readonly first_date: string | null
  readonly last_date: string | null
  readonly total_revenue: string
  readonly total_orders: number
  readonly total_sessions: number
  readonly files: readonly ManifestFile[]
  readonly control_totals: readonly VerifiedTotal[]
  /** What had to be done first, if a publish had been cut short. */
  readonly notices: readonly string[]
}

/**
 * Checks the published set: is it whole and of one run, and do the control totals hold when they are
 * computed again from the CSVs themselves?
 *
 * @throws KnownError no_output (input); no_manifest, manifest_damaged, set_not_whole, totals_disagree (data); locked (retry)
 */
export async function verify(outputFolder: string): Promise<VerifyResult> {
  requireOutput(outputFolder)
  const notices = await recoverFirst(outputFolder)
  const manifest = readManifest(outputFolder)
  await checkFiles(outputFolder, manifest)
  const tables = new Map<string, PublishedTable>()
  for (const file of manifest.files) tables.set(file.table, await readTable(outputFolder, file))
  const controlTotals = controlRules.map((rule) => verifyTotal(rule, tables))
  const broken = controlTotals.filter(({ holds }) => !holds)
  if (broken.length > 0) {
    const list = broken.map(
      ({ name, sides }) => `${name} (${sides.map((s) => `${s.source} ${s.value}`).join(', ')})`,
    )
    throw new KnownError(
      'data',
      'totals_disagree',
      `control totals disagree in ${outputFolder}: ${list.join('; ')}`,
      {
        file: outputFolder,
        hint: 'the files fit their manifest, so this is a fault of ecomagg: please report it',
      },
    )
  }
  const calendar = tables.get(calendarTable.name)!
  const sum = (total: string) => calendar.sums.get(calendarColumn(total)) ?? 0
  return {
    output_folder: outputFolder,
    run_id: manifest.run_id,
    as_of: manifest.as_of,
    first_date: calendar.firstDate ?? null,
    last_date: calendar.lastDate ?? null,
    total_revenue: formatMoney(sum('revenue')),
    total_orders: Number(divideRounded(sum('orders'), MONEY_SCALE)),
    total_sessions: Number(divideRounded(sum('sessions'), MONEY_SCALE)),
    files: manifest.files,
    control_totals: controlTotals,
    notices,
  }
}

/** The column of the calendar's table that adds up to a control total. */
function calendarColumn(total: string): string {
  const rule = controlRules.find(({ name }) => name === total)!
  return rule.sides.find(({ table }) => table === calendarTable.name)!.column!
}

async function recoverFirst(outputFolder: string): Promise<string[]> {
  if (!hasJournal(outputFolder)) return []
  const holder = {
    pid: process.pid,
    host: hostname(),
    run_id: 'verify',
    started_at: new Date().toISOString(),
  }
  const lock = await takeLock(outputFolder, holder)
  try {
    return completeCutShort(outputFolder)
  } finally {
    lock.release()
  }
}

async function checkFiles(outputFolder: string, manifest: Manifest): Promise<void> {
  const fault = faultOfSet(outputFolder, manifest)
  if (fault === undefined) return
  const holder = await currentHolder(outputFolder)
  if (holder === undefined) throw fault
  throw new KnownError(
    'retry',
    'locked',
    `run ${holder.run_id} (process ${holder.pid}) is publishing right now`,
    {
      file: outputFolder,
      hint: 'verify again when it has ended',
    },
  )
}

async function readTable(outputFolder: string, { table, file, rows }: ManifestFile): Promise<PublishedTable> {
  const sides = controlRules.flatMap((rule) => rule.sides).filter((side) => side.table === table)
  const path = join(outputFolder, file)
  const read = await readAggregate({
    path,
    sum: sides.flatMap(({ column }) => column ?? []),
    count: sides.flatMap(({ except }) => except?.column ?? []),
  }).catch((cause: unknown) => {
    // Its bytes are those that the manifest speaks of, so somebody has changed both.
    const found = (cause as Error).message
    throw notOurs(path, `${path} cannot be read as the table that it was: ${found}`, found, cause)
  })
  if (read.rows === rows) return read
  const found = `${read.rows} rows`
  throw notOurs(path, `${path} has ${found}, the manifest says ${rows}`, found)
}

function notOurs(file: string, message: string, found: string, cause?: unknown): KnownError {
  const hint = 'publish the whole set again with: ecomagg process'
  return new KnownError('data', 'set_not_whole', message, { file, found, hint, cause })
}

/** In ten-thousandths. */
const HUNDREDTH = 100

/**
 * Compares the sides of a control total. Counts and quantities agree exactly. Money was rounded to hundredths
 * row by row, so two sums may lie apart by half a hundredth for each of their rows.
 */
function verifyTotal(
  rule: (typeof controlRules)[number],
  tables: ReadonlyMap<string, PublishedTable>,
): VerifiedTotal {
  const sides = rule.sides.map((side) => {
    const table = tables.get(side.table)!
    const total =
      side.column === undefined
        ? multiply(countRows(table, side.except), MONEY_SCALE)
        : table.sums.get(side.column)!
    return { source: sideSource(side), total, rows: table.rows }
  })
  const [first] = sides as [(typeof sides)[number]]
  const holds = sides.every(({ total, rows }) => {
    const apart = distance(total, first.total)
    return rule.unit === 'money'
      ? compare(multiply(apart, 2), multiply(rows + first.rows, HUNDREDTH)) <= 0
      : apart === 0
  })
  const text = rule.unit === 'money' ? formatMoney : formatQuantity
  return {
    name: rule.name,
    unit: rule.unit,
    holds,
    sides: sides.map(({ source, total }) => ({ source, value: text(total) })),
  }
}

function countRows(
  { rows, counts }: PublishedTable,
  except: { column: string; text: string } | undefined,
): number {
  return except === undefined ? rows : rows - (counts.get(except.column)?.get(except.text) ?? 0)
}

function distance(a: Whole, b: Whole): Whole {
  const difference = add(a, negate(b))
  return difference < 0 ? negate(difference) : difference
}
