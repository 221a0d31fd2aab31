import { closeSync, constants, writeSync } from 'node:fs'
import { openRegular } from '../../lib/files/regular-file.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { printable } from '../../lib/texts/printable.ts'
import type { RunRecord } from './record.ts'
import { humanLogPath, LOG_MODE } from './run-files.ts'

/**
 * Appends a run to `aggregation_log.txt`, the log that people open first.
 *
 * @throws the error of the file system, if it cannot be written
 */
export function appendHumanLog(logFolder: string, record: RunRecord): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = constants
  const fd = openRegular(humanLogPath(logFolder), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, LOG_MODE)
  try {
    writeSync(fd, `${humanLogLines(record).join('\n')}\n\n`)
  } finally {
    closeSync(fd)
  }
}

/** A run in a few plain lines. */
export function humanLogLines(record: RunRecord): string[] {
  const end = record.finished_at ?? record.started_at
  const lines = [
    `${end}  ${record.status.toUpperCase()}  run ${record.run_id}  (${(record.duration_seconds ?? 0).toFixed(1)} s)`,
  ]
  if (record.error !== null) {
    lines.push(`  error     ${printable(record.error.message)}`)
    if (record.error.hint !== null) lines.push(`  remedy    ${printable(record.error.hint)}`)
  }
  for (const { table, accounting: rows } of record.inputs) {
    const parts = [`read ${grouped(rows.read)}`, `accepted ${grouped(rows.accepted)}`]
    if (rows.duplicate > 0)
      parts.push(`duplicate ${grouped(rows.duplicate)} (${grouped(rows.conflicting)} conflicting)`)
    if (rows.rejected > 0) parts.push(`rejected ${grouped(rows.rejected)}`)
    if (rows.outside_range > 0) parts.push(`outside range ${grouped(rows.outside_range)}`)
    if (rows.filtered > 0) parts.push(`filtered ${grouped(rows.filtered)}`)
    lines.push(`  input     ${table.padEnd(26)}${parts.join(', ')}`)
  }
  for (const { table, rows } of record.outputs)
    lines.push(`  output    ${table.padEnd(26)}${grouped(rows)} rows`)
  if (record.totals !== null) {
    const { revenue, orders, sessions } = record.totals
    lines.push(`  totals    revenue ${revenue}, orders ${grouped(orders)}, sessions ${grouped(sessions)}`)
  }
  const broken = record.control_totals.filter(({ holds }) => !holds)
  if (record.control_totals.length > 0) {
    const verdict = broken.length === 0 ? 'all hold' : `BROKEN: ${broken.map(({ name }) => name).join(', ')}`
    lines.push(`  control   ${record.control_totals.length} control totals checked, ${verdict}`)
  }
  for (const finding of record.findings)
    lines.push(`  finding   ${finding.code}: ${printable(finding.message)}`)
  for (const notice of record.notices) lines.push(`  notice    ${printable(notice)}`)
  return lines
}
