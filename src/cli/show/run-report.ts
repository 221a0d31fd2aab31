import { grouped } from '../../lib/texts/grouped.ts'
import type { ListedRun } from '../../run/logs/list-runs.ts'
import type { ErrorRecord, RunRecord } from '../../run/logs/record.ts'
import type { RunFiles } from '../../run/logs/run-files.ts'
import { runSummary } from './run-summary.ts'
import { linesOf, type Paint, tableLines, wrapped } from './terminal.ts'

const WIDTH = 100

/** One run whole, for somebody who did not build it and looks for what went wrong. */
export function runReport({ runId, status, record }: ListedRun, files: RunFiles, paint: Paint): string[] {
  if (record === undefined) return [`run ${runId}: its record ${files.record} cannot be read`]
  const lines = [
    ...tableLines(
      [
        ['run', runId],
        ['status', status],
        ['command', `ecomagg ${record.command} (version ${record.version})`],
        ['started', record.started_at],
        ['took', record.duration_seconds === null ? 'unknown' : `${record.duration_seconds} s`],
        ['phase', record.phase],
        ['input', record.options.input],
        ['output', record.options.output],
        ['settings', record.options.settings_file?.path ?? 'defaults and options'],
        ['process', `${record.pid} on ${record.host}`],
      ],
      ['left', 'left'],
    ),
    '',
  ]
  if (status === 'died') {
    lines.push(
      'The run ended without a word in the phase above: killed, out of memory, or the machine stopped.',
    )
    lines.push(
      'The results published before it are untouched or completed at the next start. Run it again.',
      '',
    )
  }
  if (record.error !== null) lines.push(...errorReport(record.error, paint), '')
  lines.push(...reasonLines(record, paint))
  if (record.inputs.length > 0) lines.push(...runSummary(record, paint), '')
  lines.push(...controlLines(record, paint), ...timingLines(record))
  lines.push(`log     ${files.log}`)
  if (record.rejects_file !== null) lines.push(`rejects ${record.rejects_file}`)
  return lines
}

function errorReport(error: ErrorRecord, paint: Paint): string[] {
  const lines = [paint.bad(`error   ${error.code}`)]
  const problems = error.problems.length > 0 ? error.problems : [error]
  for (const { message, hint } of problems) {
    lines.push(...wrapped(message, WIDTH, '  '))
    if (hint !== null) lines.push(...wrapped(`what to do: ${hint}`, WIDTH, '  '))
  }
  if (error.stack !== null) lines.push(...linesOf(error.stack))
  return lines
}

/** The reasons of rejects, most frequent first, with where the first was met. */
function reasonLines({ inputs }: RunRecord, paint: Paint): string[] {
  const rows = inputs.flatMap(({ table, files, reasons }) =>
    [...reasons]
      .sort((a, b) => b.count - a.count)
      .map(({ reason, column, count, example_file, example_line, example }) => [
        table,
        column ?? '',
        reason,
        grouped(count),
        `${files.length > 1 ? `${example_file}, ` : ''}line ${example_line}${example === null || example === '' ? '' : `, like ${example}`}`,
      ]),
  )
  if (rows.length === 0) return []
  const header = ['rejected in', 'column', 'reason', 'rows', 'first']
  const [head, ...lines] = tableLines([header, ...rows], ['left', 'left', 'left', 'right', 'left'])
  return [paint.bold(head!), ...lines, '']
}

function controlLines({ control_totals }: RunRecord, paint: Paint): string[] {
  const rows = control_totals.flatMap(({ name, holds, unit, sides }) =>
    sides.map(({ source, value }, i) => [
      i === 0 ? name : '',
      i === 0 ? (holds ? 'holds' : 'DISAGREES') : '',
      source,
      unit === 'count' ? grouped(value) : exactMoney(value),
    ]),
  )
  if (rows.length === 0) return []
  const [head, ...lines] = tableLines(
    [['control total', '', 'read from', 'exact value'], ...rows],
    ['left', 'left', 'left', 'right'],
  )
  return [paint.bold(head!), ...lines, '']
}

/** Ten-thousandths with all four decimals. */
function exactMoney(tenThousandths: string): string {
  const negative = tenThousandths.startsWith('-')
  const digits = (negative ? tenThousandths.slice(1) : tenThousandths).padStart(5, '0')
  return `${negative ? '-' : ''}${grouped(digits.slice(0, -4))}.${digits.slice(-4)}`
}

function timingLines({ timings, peak_memory_bytes }: RunRecord): string[] {
  const parts = Object.entries(timings).map(([phase, seconds]) => `${phase} ${seconds} s`)
  if (parts.length === 0) return []
  return [`time    ${parts.join(', ')}`, `memory  ${Math.round(peak_memory_bytes / 1e6)} MB at most`]
}
