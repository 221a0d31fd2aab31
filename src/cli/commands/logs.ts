import { grouped } from '../../lib/texts/grouped.ts'
import { findRun, type ListedRun, listRuns } from '../../run/logs/list-runs.ts'
import { runFiles } from '../../run/logs/run-files.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { chosenFolder } from '../options/chosen-folders.ts'
import { runReport } from '../show/run-report.ts'
import { tableLines } from '../show/terminal.ts'

export interface RawLogsOptions {
  readonly config?: string
  readonly logDir?: string
  readonly failed?: boolean
  readonly json?: boolean
}

/** `ecomagg logs`: the runs, newest first. @returns the exit code */
export async function logsCommand(raw: RawLogsOptions, context: CliContext): Promise<number> {
  const { terminal } = context
  const runs = await selectedRuns(raw, await logFolderOf(raw, context))
  if (raw.json === true) {
    terminal.json(runs.map(asJson))
    return EXIT_OK
  }
  if (runs.length === 0) {
    terminal.out(raw.failed === true ? 'no failed run' : 'no run yet: start one with ecomagg process')
    return EXIT_OK
  }
  const rows = runs.map(({ runId, status, record }) => [
    runId,
    record?.started_at.replace(/\.\d+Z$/, 'Z') ?? '',
    record?.command === 'check' ? `${status} (check)` : status,
    record === undefined
      ? ''
      : grouped(record.inputs.reduce((sum, { accounting }) => sum + accounting.read, 0)),
    record?.totals === null || record === undefined ? '' : grouped(record.totals.revenue),
    record?.duration_seconds == null ? '' : `${record.duration_seconds.toFixed(1)} s`,
    record?.error?.code ?? '',
  ])
  const header = ['run', 'started', 'status', 'rows read', 'revenue', 'duration', 'error']
  const [head, ...lines] = tableLines(
    [header, ...rows],
    ['left', 'left', 'left', 'right', 'right', 'right', 'left'],
  )
  terminal.out(terminal.paint.bold(head!), ...lines)
  return EXIT_OK
}

/** `ecomagg logs show`: one run, whole. @returns the exit code */
export async function logsShowCommand(
  wanted: string,
  raw: RawLogsOptions,
  context: CliContext,
): Promise<number> {
  const logFolder = await logFolderOf(raw, context)
  const runs = await selectedRuns(raw, logFolder)
  if (runs.length === 0 && raw.failed === true && wanted === 'last') {
    context.terminal.out(raw.json === true ? 'null' : 'no failed run')
    return EXIT_OK
  }
  const run = findRun(runs, wanted, logFolder)
  if (raw.json === true) context.terminal.json(asJson(run))
  else context.terminal.out(...runReport(run, runFiles(logFolder, run.runId), context.terminal.paint))
  return EXIT_OK
}

function logFolderOf({ logDir, config }: RawLogsOptions, context: CliContext): Promise<string> {
  return chosenFolder('logs', logDir, config, context)
}

async function selectedRuns(raw: RawLogsOptions, logFolder: string): Promise<ListedRun[]> {
  const runs = await listRuns(logFolder)
  return raw.failed === true ? runs.filter(({ status }) => !GOOD.has(status)) : runs
}

const GOOD = new Set(['published', 'unchanged', 'checked', 'running'])

function asJson({ runId, status, record }: ListedRun): object {
  return record === undefined ? { run_id: runId, status } : { ...record, status }
}
