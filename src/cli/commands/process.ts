import type { RunOptions } from '../../config/run-options.ts'
import { contractOf } from '../../custom/contract.ts'
import { KnownError } from '../../lib/errors.ts'
import { mappedRows } from '../../parsers/preview/mapped-rows.ts'
import { type RunResult, run } from '../../run/process.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_INTERNAL, EXIT_OK, exitCodeOf } from '../edge/exit-codes.ts'
import type { RawRunOptions } from '../options/option-list.ts'
import { runOptions } from '../options/run-options.ts'
import { errorLines } from '../show/error-lines.ts'
import { mappedRowsLines } from '../show/mapped-rows.ts'
import { LoadBars } from '../show/progress.ts'
import { inputLines, resultLine, runSummary } from '../show/run-summary.ts'

/** `ecomagg process` and `ecomagg check`: one run, and what is said about it. @returns the exit code */
export async function runCommand(
  command: RunOptions['command'],
  raw: RawRunOptions,
  context: CliContext,
): Promise<number> {
  const { terminal } = context
  const bars =
    terminal.isErrTty && raw.quiet !== true && raw.json !== true ? new LoadBars(terminal) : undefined
  const options = await runOptions(command, raw, {
    workingFolder: context.workingFolder,
    environment: context.environment,
    signal: context.signal,
    now: context.now,
    onProgress: (progress) => bars?.show(progress),
    onPhase: (phase) => {
      if (phase === 'aggregate') bars?.end()
    },
  })
  const result = await run(options)
  bars?.end()
  if (command === 'check' && raw.quiet !== true && raw.json !== true) await showMappedRows(options, context)
  report(result, raw, context)
  if (result.error === undefined) return EXIT_OK
  return result.error instanceof KnownError ? exitCodeOf(result.error.failure) : EXIT_INTERNAL
}

/** Before the rest of what `check` says. */
async function showMappedRows(
  { inputFolder, rules, showValues, extensions }: RunOptions,
  { terminal }: CliContext,
): Promise<void> {
  const tables = await mappedRows(inputFolder, contractOf(rules, extensions).rawTables, rules)
  if (tables.length > 0) terminal.out(...mappedRowsLines(tables, showValues, terminal.paint))
}

function report(
  { record, files, error, afterthoughts }: RunResult,
  raw: RawRunOptions,
  { terminal }: CliContext,
): void {
  const { paint } = terminal
  terminal.err(...afterthoughts.map((line) => `warning: ${line}`))
  if (error !== undefined) {
    if (terminal.isErrTty || raw.verbose === true || record.command === 'check')
      terminal.err(...inputLines(record, paint))
    terminal.err(...errorLines(error, paint), `  log: ${files.record}`)
    if (record.rejects_file !== null) terminal.err(`  rejected rows: ${record.rejects_file}`)
  }
  if (raw.json === true) {
    terminal.json(record)
    return
  }
  if (error !== undefined || raw.quiet === true) return
  if (!terminal.isOutTty && raw.verbose !== true) {
    terminal.out(resultLine(record))
    return
  }
  const took = (record.duration_seconds ?? 0).toFixed(1)
  const end = `${paint.good(record.status)} in ${took} s, run ${record.run_id}; details: ecomagg logs show last`
  terminal.out('', ...runSummary(record, paint), '', end)
}
