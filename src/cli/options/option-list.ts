import { type Command, Option } from 'commander'

/** The options of process and check as commander gives them; only what stands on the command line. */
export interface RawRunOptions {
  readonly config?: string | undefined
  readonly input?: string
  readonly output?: string
  readonly logDir?: string
  readonly since?: string
  readonly until?: string
  readonly asOf?: string
  readonly timeFormat?: readonly string[]
  readonly timezone?: string
  readonly productView?: readonly string[]
  readonly checkoutView?: readonly string[]
  readonly maxRejectRate?: string
  readonly force?: boolean
  readonly incremental?: boolean
  readonly full?: boolean
  readonly mergeDays?: boolean
  readonly allowShrink?: boolean
  readonly allowMissing?: boolean
  readonly strict?: boolean
  /** false if switched off; commander says true where nothing is given. */
  readonly escapeFormulas?: boolean
  readonly bom?: boolean
  readonly showValues?: boolean
  readonly keepRuns?: string
  readonly threads?: string
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly json?: boolean
}

/** An option that may be given several times; its values are collected. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(
    (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
  )
}

export function addConfigOption(command: Command): Command {
  return command.option(
    '-c, --config <file>',
    'the settings file (default: ecomagg.config.{ts,js,mjs,json,yaml} in this folder, if there is one)',
  )
}

export function addInputOption(command: Command): Command {
  return command.option('-i, --input <folder>', 'folder with the eight raw CSVs (default: raw_data)')
}

export function addOutputOption(command: Command): Command {
  return command.option(
    '-o, --output <folder>',
    'folder for the seven aggregate CSVs (default: aggregated_data)',
  )
}

export function addLogOption(command: Command): Command {
  return command.option('-l, --log-dir <folder>', 'folder for run records, logs and rejects (default: logs)')
}

/**
 * Adds the options that process, check and config share. They have no defaults here: what is not given is
 * taken from the settings file.
 */
export function addRunOptions(command: Command): Command {
  return addLogOption(addOutputOption(addInputOption(addConfigOption(command))))
    .option('--since <date>', 'keep only rows from this date on (YYYY-MM-DD)')
    .option('--until <date>', 'keep only rows up to this date (YYYY-MM-DD)')
    .option(
      '--as-of <date>',
      'date on which "days since" are counted: YYYY-MM-DD or today (default: latest date in the data)',
    )
    .addOption(
      repeatable(
        '--time-format <layout>',
        "also read timestamps in this layout, such as 'dd-MM-yyyy HH:mm', or unix, unix_ms, unix_us, spreadsheet_day",
      ),
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
    .option(
      '--force',
      'with --since or --until: replace a published set that covers more days; else one with a history',
    )
    .option('--allow-missing', 'treat missing files as empty tables, except order_table')
    .option('--strict', 'fail if a data-quality finding warns')
    .option('--no-escape-formulas', "do not write a ' before texts that a spreadsheet might run as formulas")
    .option('--bom', 'start the CSVs with a byte order mark, for old Excel versions')
    .option('--show-values', 'show cells of rejected rows in messages and logs')
    .option('--keep-runs <number>', 'how many runs the log folder keeps (default: 90)')
    .option(
      '--threads <number>',
      'how many threads read the raw tables; above 1 another one writes (default: one per core, 4 at most; small tables need one)',
    )
}

/** Adds how process takes what was aggregated before. */
export function addHistoryOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--incremental',
        'the raw files are a slice of whole days: their dates take the place of what was aggregated of them, all others stay',
      ).conflicts('full'),
    )
    .option(
      '--full',
      'the raw files are all there is: build everything anew, with the history that --incremental needs',
    )
    .option('--merge-days', 'with --incremental: add rows to dates that are there already, by primary key')
    .option(
      '--allow-shrink',
      'with --incremental or --full: take away rows or dates that were aggregated before',
    )
}

/** Adds how process and check report. */
export function addReportOptions(command: Command): Command {
  return command
    .option('-q, --quiet', 'print nothing on success')
    .option('-v, --verbose', 'print the whole summary, also where there is no terminal')
    .option('--json', 'print the run record as JSON')
}

/** Takes what says how a run goes on and reports, and is no setting, so that the line of a run can be kept. */
export function ignoreRunOptions(command: Command): Command {
  return command
    .addOption(new Option('-q, --quiet').hideHelp())
    .addOption(new Option('-v, --verbose').hideHelp())
    .addOption(new Option('--incremental').hideHelp())
    .addOption(new Option('--full').hideHelp())
    .addOption(new Option('--merge-days').hideHelp())
    .addOption(new Option('--allow-shrink').hideHelp())
}
