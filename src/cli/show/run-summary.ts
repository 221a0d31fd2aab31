import { grouped, plural } from '../../lib/texts/grouped.ts'
import type { RunRecord } from '../../run/logs/record.ts'
import { type Align, type Paint, tableLines, wrapped } from './terminal.ts'

const WIDTH = 100

/** What a run came to, for people: a screen that says what was read, what came out and what to do. */
export function runSummary(record: RunRecord, paint: Paint): string[] {
  return [
    ...inputLines(record, paint),
    ...totalLines(record, paint),
    ...outputLines(record, paint),
    ...findingLines(record, paint),
  ]
}

const ENDS: Partial<Record<RunRecord['status'], string>> = {
  checked: 'checked, nothing published',
  unchanged: 'nothing new, the published set stays as it is',
}

/** One line for cron's mail and logs. */
export function resultLine(record: RunRecord): string {
  const { totals } = record
  const sum = (pick: (accounting: RunRecord['inputs'][number]['accounting']) => number) =>
    grouped(record.inputs.reduce((total, { accounting }) => total + pick(accounting), 0))
  const figures =
    totals === null
      ? []
      : [
          `revenue ${grouped(totals.revenue)}`,
          `${grouped(totals.orders)} orders`,
          `${grouped(totals.sessions)} sessions`,
        ]
  return [
    `ecomagg: ${ENDS[record.status] ?? `published ${record.outputs.length} tables`}`,
    ...figures,
    `${sum(({ read }) => read)} rows read`,
    `${sum(({ rejected }) => rejected)} rejected`,
    ...(totals === null ? [] : [plural(record.findings.length, 'finding')]),
    `run ${record.run_id}`,
  ].join(', ')
}

/** What was read of each raw table and became of its rows. */
export function inputLines({ inputs }: RunRecord, paint: Paint): string[] {
  if (inputs.length === 0) return []
  const optional = (['outside_range', 'filtered'] as const).filter((name) =>
    inputs.some(({ accounting }) => accounting[name] > 0),
  )
  const header = [
    'raw table',
    'read',
    'accepted',
    'duplicate',
    'rejected',
    ...optional.map((name) => name.replace('_', ' ')),
  ]
  const rows = inputs.map(({ table, files, accounting }) => [
    files.length === 0 ? `${table} (missing, counted as empty)` : table,
    grouped(accounting.read),
    grouped(accounting.accepted),
    grouped(accounting.duplicate) +
      (accounting.conflicting > 0 ? ` (${grouped(accounting.conflicting)} conflicting)` : ''),
    grouped(accounting.rejected),
    ...optional.map((name) => grouped(accounting[name])),
  ])
  const align: Align[] = header.map((_, i) => (i === 0 ? 'left' : 'right'))
  const [head, ...lines] = tableLines([header, ...rows], align)
  return [paint.bold(head!), ...lines, '']
}

function totalLines({ totals, as_of, control_totals }: RunRecord, paint: Paint): string[] {
  if (totals === null) return []
  const broken = control_totals.filter(({ holds }) => !holds)
  const verdict =
    broken.length === 0
      ? paint.good(`all ${control_totals.length} hold`)
      : paint.bad(
          `${broken.length} of ${control_totals.length} DISAGREE: ${broken.map(({ name }) => name).join(', ')}`,
        )
  return [
    `revenue         ${paint.bold(grouped(totals.revenue))}`,
    `orders          ${grouped(totals.orders)}`,
    `sessions        ${grouped(totals.sessions)}`,
    `as of           ${as_of ?? 'no session or order'}`,
    `control totals  ${verdict}`,
    '',
  ]
}

function outputLines({ outputs, options, status }: RunRecord, paint: Paint): string[] {
  if (outputs.length === 0) return []
  const rows = outputs.map(({ file, rows: count }) => [file, grouped(count)])
  const [head, ...lines] = tableLines([['aggregate table', 'rows'], ...rows], ['left', 'right'])
  const where = status === 'published' ? `published in ${options.output}` : 'not published'
  return [paint.bold(head!), ...lines, where, '']
}

function findingLines({ findings, notices, control_totals }: RunRecord, paint: Paint): string[] {
  const lines: string[] = []
  for (const notice of notices) lines.push(...wrapped(`note: ${notice}`, WIDTH, ''))
  if (notices.length > 0) lines.push('')
  // Findings are looked for together with the control totals.
  if (findings.length === 0)
    return control_totals.length === 0 ? lines.slice(0, -1) : [...lines, 'findings        none']
  lines.push(paint.bold(findings.length === 1 ? '1 finding' : `${findings.length} findings`))
  for (const { code, severity, message, advice } of findings) {
    lines.push(
      `${severity === 'warning' ? paint.warn('!') : 'i'} ${code}`,
      ...wrapped(message, WIDTH, '  '),
      ...wrapped(`-> ${advice}`, WIDTH, '  '),
    )
  }
  return lines
}
