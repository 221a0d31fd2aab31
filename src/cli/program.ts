import { Command, CommanderError, Option } from 'commander'
import { packageVersion } from '../lib/version.ts'
import type { RawConfigOptions } from './commands/config.ts'
import type { RawDescribeOptions } from './commands/describe.ts'
import type { RawInitOptions } from './commands/init.ts'
import type { RawLogsOptions } from './commands/logs.ts'
import type { RawMapOptions } from './commands/map.ts'
import type { RawPruneOptions } from './commands/prune.ts'
import type { RawSampleOptions } from './commands/sample.ts'
import type { RawScheduleOptions } from './commands/schedule.ts'
import type { RawVerifyOptions } from './commands/verify.ts'
import type { CliContext } from './edge/context.ts'
import { EXIT_CODES, EXIT_OK, EXIT_USAGE } from './edge/exit-codes.ts'
import {
  addConfigOption,
  addHistoryOptions,
  addInputOption,
  addLogOption,
  addOutputOption,
  addReportOptions,
  addRunOptions,
  ignoreRunOptions,
  type RawRunOptions,
  repeatable,
} from './options/option-list.ts'
import { linesOf } from './show/terminal.ts'

/**
 * Reads the command line and does what it says. The work of a command is imported when it runs, so that
 * --help loads nothing heavy.
 *
 * @param args the arguments after the program's name
 * @returns the exit code
 * @throws whatever the command throws
 */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode = EXIT_OK
  const program = new Command('ecomagg')
    .description('Turns raw e-commerce tracking CSVs into seven dashboard tables that reconcile.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out(...linesOf(text)),
      writeErr: (text) => context.terminal.err(...linesOf(text)),
    })
    .showHelpAfterError('(see: ecomagg --help)')
    .addHelpText('after', `\n${exitCodeHelp()}`)

  addReportOptions(addHistoryOptions(addRunOptions(program.command('process'))))
    .description('read the raw tables, compute the seven aggregate tables and publish them')
    .action(async (options: RawRunOptions) => {
      const { runCommand } = await import('./commands/process.ts')
      exitCode = await runCommand('process', options, context)
    })

  addReportOptions(addRunOptions(program.command('check')))
    .description('do everything that process does but publish: accounting, rejects, findings, control totals')
    .action(async (options: RawRunOptions) => {
      const { runCommand } = await import('./commands/process.ts')
      exitCode = await runCommand('check', options, context)
    })

  program
    .command('init')
    .description('make a settings file with everything explained, and the three folders')
    .option('--format <format>', 'ts, js, json or yaml (default: ts; with --preset yaml)')
    .addOption(
      repeatable('--preset <name>', 'settings for the exports of a known system, such as shopify_orders'),
    )
    .option('--force', 'overwrite the settings file that is there')
    .action(async (options: RawInitOptions) => {
      const { initCommand } = await import('./commands/init.ts')
      exitCode = await initCommand(options, context)
    })

  addInputOption(addConfigOption(program.command('map')))
    .description('look at exports of any form: which raw tables they hold, and which settings read them')
    .argument('[file...]', 'the exports; a part of each is looked at')
    .option(
      '--write [settings]',
      'make a settings file of it, ending in .yaml (default: ecomagg.config.yaml)',
    )
    .option('--force', 'with --write: overwrite the file that is there')
    .option('--show-values', 'show a cell of each column, not only its shape')
    .option('--json', 'print as JSON')
    .action(async (files: readonly string[], options: RawMapOptions) => {
      const { mapCommand } = await import('./commands/map.ts')
      exitCode = await mapCommand(files, options, context)
    })

  ignoreRunOptions(addRunOptions(program.command('config')))
    .description('print the settings in effect, and where each comes from; takes the options of process')
    .option('--json', 'print as JSON: settings and sources')
    .option('--json-schema', 'print the JSON Schema of the settings file, for editors')
    .action(async (options: RawConfigOptions) => {
      const { configCommand } = await import('./commands/config.ts')
      exitCode = await configCommand(options, context)
    })

  addConfigOption(program.command('sample'))
    .description('write believable sample data to try ecomagg with')
    .option('-o, --output <folder>', 'folder for the eight raw CSVs (default: raw_data)')
    .option('--sessions <number>', 'how many sessions; the other tables follow', '500')
    .option('--days <number>', 'over how many days', '30')
    .option('--end-date <date>', 'the last of these days', '2025-03-31')
    .option('--seed <number>', 'the same seed gives the same bytes', '1')
    .option('--traps', 'plant every trap of real data, and write expected.json with the true totals')
    .option('--if-empty', 'do nothing if the folder already holds raw tables')
    .option('--force', 'overwrite raw tables that are there')
    .option('-q, --quiet', 'print nothing on success')
    .action(async (options: RawSampleOptions) => {
      const { sampleCommand } = await import('./commands/sample.ts')
      exitCode = await sampleCommand(options, context)
    })

  addConfigOption(program.command('describe'))
    .description('explain the tables: grain, order, and each column with its kind and meaning')
    .argument('[table]', 'a raw or aggregate table; all of them if left out')
    .option('--markdown', 'print the page kept as docs/data-dictionary.md')
    .action(async (table: string | undefined, options: RawDescribeOptions) => {
      const { describeCommand } = await import('./commands/describe.ts')
      exitCode = await describeCommand(table, options, context)
    })

  addOutputOption(addConfigOption(program.command('verify')))
    .description('check that the published set is whole, of one run, and reconciles')
    .option('--incremental', 'compute it again in full from all raw files, and compare every byte')
    .option('--raw <folder>', 'with --incremental: folder with all raw files (default: the input folder)')
    .option('--allow-missing', 'with --incremental: treat missing files as empty tables')
    .option('--json', 'print as JSON')
    .option('-q, --quiet', 'print nothing if it is whole')
    .action(async (options: RawVerifyOptions) => {
      const { verifyCommand } = await import('./commands/verify.ts')
      exitCode = await verifyCommand(options, context)
    })

  addOutputOption(addInputOption(addConfigOption(program.command('prune'))))
    .description('archive or delete old raw files that the published set proves to be aggregated')
    .requiredOption('--older-than <age>', 'only files that were last changed so long ago: 12h, 30d, 4w')
    .option('--archive <folder>', 'folder for the archived files (default: archive in the input folder)')
    .addOption(new Option('--delete', 'delete them instead of archiving').conflicts('archive'))
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print as JSON')
    .option('-q, --quiet', 'print nothing on success')
    .action(async (options: RawPruneOptions) => {
      const { pruneCommand } = await import('./commands/prune.ts')
      exitCode = await pruneCommand(options, context)
    })

  const logs = addLogOption(addConfigOption(program.command('logs')))
    .description('list the runs, newest first')
    .option('--failed', 'only runs that failed, were interrupted or died')
    .option('--json', 'print as JSON')
    .action(async (options: RawLogsOptions) => {
      const { logsCommand } = await import('./commands/logs.ts')
      exitCode = await logsCommand(options, context)
    })
  addLogOption(addConfigOption(logs.command('show')))
    .description('show one run whole: error, phase, rejects, totals, findings')
    .argument('[run]', 'a run id, the start of one, or last', 'last')
    .option('--failed', 'look only at runs that failed, were interrupted or died')
    .option('--json', 'print as JSON')
    .action(async (run: string, options: RawLogsOptions) => {
      const { logsShowCommand } = await import('./commands/logs.ts')
      exitCode = await logsShowCommand(run, { ...logs.opts<RawLogsOptions>(), ...options }, context)
    })

  addLogOption(addOutputOption(addInputOption(addConfigOption(program.command('schedule')))))
    .description('print the entry that starts ecomagg every night, ready to paste')
    .argument(
      '[options...]',
      'further options of process, after --: ecomagg schedule -- --timezone Europe/Berlin',
    )
    .option('--at <time>', "time of day on the machine's clock (HH:MM)", '01:00')
    .option('--cron', 'for a crontab (the default, except on Windows)')
    .option('--systemd', 'as a systemd service and timer')
    .option('--windows', 'for the Windows Task Scheduler')
    .action(async (more: readonly string[], options: RawScheduleOptions) => {
      const { scheduleCommand } = await import('./commands/schedule.ts')
      exitCode = await scheduleCommand(more, options, context)
    })

  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
  }
  return exitCode
}

function exitCodeHelp(): string {
  return `Exit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`).join('\n')}\n`
}
