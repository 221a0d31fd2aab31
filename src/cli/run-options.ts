import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { KnownError } from '../lib/errors.ts'
import { wallClockIn } from '../lib/time-zone.ts'
import { dayOf, parseDay } from '../lib/wall-clock.ts'
import { type Rules, rulesSchema } from '../rules/rules.ts'
import type { RunOptions } from '../run/options.ts'
import { grouped } from './terminal.ts'

/** The options of process and check as commander gives them. */
export interface RawRunOptions {
  readonly input: string
  readonly output: string
  readonly logDir: string
  readonly since?: string
  readonly until?: string
  readonly asOf?: string
  readonly timeFormat?: readonly string[]
  readonly timezone?: string
  readonly productView?: readonly string[]
  readonly checkoutView?: readonly string[]
  readonly maxRejectRate?: string
  readonly allowMissing?: boolean
  readonly strict?: boolean
  readonly escapeFormulas: boolean
  readonly bom?: boolean
  readonly showValues?: boolean
  readonly keepRuns: string
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly json?: boolean
}

/** An option that may be given several times; its values are collected. */
function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(
    (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
  )
}

/** Adds the options that process and check share. */
export function addRunOptions(command: Command): Command {
  return command
    .option('-i, --input <folder>', 'folder with the eight raw CSVs', 'raw_data')
    .option('-o, --output <folder>', 'folder for the seven aggregate CSVs', 'aggregated_data')
    .option('-l, --log-dir <folder>', 'folder for run records, logs and rejects', 'logs')
    .option('--since <date>', 'keep only rows from this date on (YYYY-MM-DD)')
    .option('--until <date>', 'keep only rows up to this date (YYYY-MM-DD)')
    .option(
      '--as-of <date>',
      'date on which "days since" are counted: YYYY-MM-DD or today (default: latest date in the data)',
    )
    .addOption(
      repeatable('--time-format <layout>', "also read timestamps in this layout, such as 'dd-MM-yyyy HH:mm'"),
    )
    .addOption(
      repeatable(
        '--product-view <text>',
        'a path that contains this is a product page (default: /product/, /products/)',
      ),
    )
    .addOption(
      repeatable(
        '--checkout-view <text>',
        'a path that contains this is a checkout page (default: /checkout)',
      ),
    )
    .option('--timezone <zone>', "the shop's time zone, such as Europe/Berlin (default: UTC)")
    .option(
      '--max-reject-rate <fraction>',
      'fail if more of a table is rejected or conflicting (default: 0.01)',
    )
    .option('--allow-missing', 'treat missing files as empty tables, except session_table and order_table')
    .option('--strict', 'fail if a data-quality finding warns')
    .option('--no-escape-formulas', "do not write a ' before texts that a spreadsheet might run as formulas")
    .option('--bom', 'start the CSVs with a byte order mark, for old Excel versions')
    .option('--show-values', 'show cells of rejected rows in messages and logs')
    .option('--keep-runs <number>', 'how many runs the log folder keeps', '90')
    .option('-q, --quiet', 'print nothing on success')
    .option('-v, --verbose', 'print the whole summary, also where there is no terminal')
    .option('--json', 'print the run record as JSON')
}

/**
 * The complete, typed options of a run, from those of the command line.
 *
 * @throws KnownError bad_option (usage) with every problem
 */
export function runOptions(
  command: RunOptions['command'],
  raw: RawRunOptions,
  outside: Pick<RunOptions, 'signal' | 'onProgress' | 'onPhase'> & { workingFolder: string; now: () => Date },
): RunOptions {
  const problems: KnownError[] = []
  const rules = rulesFrom(raw, problems)
  const since = dayOption('--since', raw.since, problems)
  const until = dayOption('--until', raw.until, problems)
  const asOf =
    raw.asOf === 'today'
      ? dayOf(wallClockIn(rules.timezone)(outside.now().getTime()))
      : dayOption('--as-of', raw.asOf, problems, ' or today')
  if (since !== undefined && until !== undefined && since > until) {
    problems.push(
      badOption(
        '--since',
        `--since ${raw.since} is after --until ${raw.until}`,
        raw.since!,
        'a date not after --until',
      ),
    )
  }
  const folder = (option: string, path: string) => {
    if (path === '') problems.push(badOption(option, `${option} names no folder`, "''", 'a folder'))
    return resolve(outside.workingFolder, path)
  }
  const inputFolder = folder('--input', raw.input)
  const outputFolder = folder('--output', raw.output)
  const logFolder = folder('--log-dir', raw.logDir)
  if (inputFolder === outputFolder) {
    problems.push(
      badOption('--output', '--input and --output are the same folder', raw.output, 'two folders'),
    )
  }
  const keepRuns = wholeOption('--keep-runs', raw.keepRuns, 1, 1_000_000, problems)
  throwIfAny(problems)
  return {
    command,
    inputFolder,
    outputFolder,
    logFolder,
    rules,
    since,
    until,
    asOf,
    allowMissing: raw.allowMissing === true,
    strict: raw.strict === true,
    escapeFormulas: raw.escapeFormulas,
    bom: raw.bom === true,
    showValues: raw.showValues === true,
    keepRuns,
    signal: outside.signal,
    onProgress: outside.onProgress,
    onPhase: outside.onPhase,
  }
}

const OPTION_OF_RULE: Readonly<Record<string, string>> = {
  timezone: '--timezone',
  timeFormats: '--time-format',
  'funnel.productView': '--product-view',
  'funnel.checkoutView': '--checkout-view',
  maxRejectRate: '--max-reject-rate',
}

function rulesFrom(raw: RawRunOptions, problems: KnownError[]): Rules {
  const rate = raw.maxRejectRate
  const given = {
    ...(raw.timezone === undefined ? {} : { timezone: raw.timezone }),
    ...(raw.timeFormat === undefined ? {} : { timeFormats: [...raw.timeFormat] }),
    ...(rate === undefined ? {} : { maxRejectRate: /^\d*\.?\d+$/.test(rate) ? Number(rate) : Number.NaN }),
  }
  const funnel = {
    ...(raw.productView === undefined ? {} : { productView: [...raw.productView] }),
    ...(raw.checkoutView === undefined ? {} : { checkoutView: [...raw.checkoutView] }),
  }
  const parsed = rulesSchema.safeParse({ ...given, funnel })
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const path = issue.path.filter((part) => typeof part === 'string').join('.')
    const option = OPTION_OF_RULE[path] ?? path
    const message = option === '--max-reject-rate' ? `'${rate}' is not a fraction from 0 to 1` : issue.message
    problems.push(badOption(option, `${option}: ${message}`, message, EXAMPLES[option] ?? 'see --help'))
  }
  return rulesSchema.parse({})
}

const EXAMPLES: Readonly<Record<string, string>> = {
  '--timezone': 'an IANA time zone such as Europe/Berlin',
  '--product-view': 'a text that is not empty',
  '--checkout-view': 'a text that is not empty',
  '--time-format': "date-fns tokens with yyyy, month and day, such as 'dd-MM-yyyy HH:mm'",
  '--max-reject-rate': 'a fraction from 0 to 1, such as 0.05',
}

function dayOption(
  option: string,
  value: string | undefined,
  problems: KnownError[],
  orElse = '',
): number | undefined {
  if (value === undefined) return undefined
  const day = parseDay(value)
  if (day === undefined) {
    problems.push(badOption(option, `${option}: '${value}' is not a date`, value, `YYYY-MM-DD${orElse}`))
  }
  return day
}

/** A whole number between two bounds, or a problem more. */
export function wholeOption(
  option: string,
  text: string,
  lowest: number,
  highest: number,
  problems: KnownError[],
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= lowest && value <= highest)) {
    const allowed = `a whole number from ${grouped(lowest)} to ${grouped(highest)}`
    problems.push(badOption(option, `${option}: '${text}' is not ${allowed}`, text, allowed))
  }
  return value
}

export function badOption(option: string, message: string, found: string, allowed: string): KnownError {
  return new KnownError('usage', 'bad_option', message, {
    found,
    allowed,
    hint: `${option} takes ${allowed}`,
  })
}

/** @throws KnownError the only problem, or one that holds them all */
export function throwIfAny(problems: readonly KnownError[]): void {
  const [first] = problems
  if (first === undefined) return
  if (problems.length === 1) throw first
  const message = problems.map((problem) => problem.message).join('; ')
  throw new KnownError(first.failure, first.code, message, { problems })
}
