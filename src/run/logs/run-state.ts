import { hostname } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { ControlTotal } from '../../checks/control-totals.ts'
import { keyId, shownRules } from '../../config/hash-key.ts'
import type { RunOptions, RunPhase } from '../../config/run-options.ts'
import type { InputReport, Verdict } from '../../engines/engine.ts'
import { type FileLogger, fileLogger } from '../../lib/logger.ts'
import { formatMoney, formatQuantity } from '../../lib/numbers/exact.ts'
import { peakMemoryBytes } from '../../lib/peak-memory.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { packageVersion } from '../../lib/version.ts'
import { tableRules } from '../../rules/rules.ts'
import { globsOf } from '../../sources/table-source.ts'
import { exampleOf } from '../judge/reject-limit.ts'
import { errorRecord } from './describe-error.ts'
import { type InputRecord, RECORD_VERSION, type RunRecord } from './record.ts'
import { LOG_MODE, type RunFiles } from './run-files.ts'

/** A run's record and log while it goes on; durations are taken from a clock that never jumps. */
export class RunState {
  readonly record: RunRecord
  readonly #options: RunOptions
  readonly #logger: FileLogger
  readonly #started = performance.now()
  #phaseStarted = this.#started

  constructor(options: RunOptions, runId: string, files: RunFiles, now: Date) {
    this.#options = options
    this.record = emptyRecord(options, runId, now)
    this.#logger = fileLogger(files.log, LOG_MODE, { run_id: runId })
    this.log('run started', { pid: process.pid, version: this.record.version, options: this.record.options })
  }

  log(message: string, fields: Record<string, unknown> = {}): void {
    this.#logger.log.info(fields, message)
  }

  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.#logger.log.warn(fields, message)
  }

  /** @throws KnownError write_failed (io) if the log could not be written */
  checkLog(): void {
    this.#logger.check()
  }

  enter(phase: RunPhase): void {
    const now = performance.now()
    this.record.timings[this.record.phase] = seconds(now - this.#phaseStarted)
    this.#phaseStarted = now
    this.record.phase = phase
    this.#options.onPhase(phase)
    this.log('phase', { phase })
  }

  notice(text: string): void {
    this.record.notices.push(text)
    this.log('notice', { notice: text })
  }

  /** @param given what was read; of optional tables that are missing nothing is told */
  tookInputs(given: readonly InputReport[], asOf: number | undefined): void {
    const inputs = given.filter(({ definition, files }) => definition.isOptional !== true || files.length > 0)
    this.record.as_of = asOf === undefined ? null : formatDay(asOf)
    this.record.inputs = inputs.map((input) => inputRecord(input, this.#options.showValues))
    for (const input of this.record.inputs) this.log('table read', input)
    const unmatched = inputs.filter(
      ({ table, files }) => files.length === 0 && tableRules(this.#options.rules, table)?.files !== undefined,
    )
    for (const { table } of unmatched)
      this.notice(
        `no file fits rawTables.${table}.files (${globsOf(this.#options.rules, table).join(', ')}): the table counts as empty`,
      )
    for (const { table, definition, files } of inputs)
      if (files.length === 0 && definition.unknownWithout !== undefined)
        this.notice(`${table} is missing, so that nobody can know ${definition.unknownWithout}`)
    const missing = byTable(inputs, ({ missingColumns }) => missingColumns)
    if (missing !== '') this.notice(`optional columns are missing, their cells count as empty: ${missing}`)
    const unknown = byTable(inputs, ({ unknownColumns }) => unknownColumns)
    if (unknown !== '') this.notice(`columns that nobody declared are ignored: ${unknown}`)
    const unclear = inputs.flatMap(({ table, found }) =>
      found.unclearTimes.flatMap(({ column, cells }) =>
        cells === 0 ? [] : [`${table}.${column} (${plural(cells, 'cell')})`],
      ),
    )
    if (unclear.length > 0)
      this.notice(
        `times that a clock change of the table's own time zone skips or repeats have the offset from before it: ${unclear.join(', ')}`,
      )
    const filtered = inputs
      .filter(({ accounting }) => accounting.filtered > 0)
      .map(({ table, accounting }) => `${table} ${filteredText(accounting)}`)
    if (filtered.length > 0) this.notice(`the shop's settings left out: ${filtered.join('; ')}`)
    if (this.#options.since !== undefined || this.#options.until !== undefined) {
      this.notice('only a range of dates was read: ranks, firsts and lifetimes are those within the range')
    }
  }

  tookVerdict({ controlTotals, findings }: Verdict): void {
    this.record.control_totals = controlTotals.map(({ sides, ...total }) => ({
      ...total,
      sides: sides.map(({ source, value }) => ({ source, value: String(value) })),
    }))
    this.record.findings = findings.map((finding) => ({ ...finding, details: { ...finding.details } }))
    const total = (name: string) => controlTotals.find((candidate) => candidate.name === name)!
    this.record.totals = {
      revenue: accepted(total('revenue')),
      orders: accepted(total('orders')),
      sessions: accepted(total('sessions')),
    }
    for (const { name, holds, sides } of this.record.control_totals)
      this.log('control total', { name, holds, sides })
    for (const finding of this.record.findings) this.warn('finding', finding)
  }

  /** The run has come to its end; the record is complete. */
  end(status: RunRecord['status'], now: Date, error?: unknown): void {
    const { record } = this
    const ended = performance.now()
    record.timings[record.phase] = seconds(ended - this.#phaseStarted)
    if (status === 'published' || status === 'unchanged' || status === 'checked') record.phase = 'done'
    // A record that was ready to say published, of a publish that then failed.
    else if (record.phase === 'done') record.phase = 'publish'
    record.status = status
    record.finished_at = now.toISOString()
    record.duration_seconds = seconds(ended - this.#started)
    record.peak_memory_bytes = peakMemoryBytes()
    if (error !== undefined) {
      record.error = errorRecord(error)
      this.#logger.log.error({ error: record.error }, `run ${status}`)
    }
  }

  close(): void {
    this.#logger.close()
  }
}

function emptyRecord(options: RunOptions, runId: string, now: Date): RunRecord {
  return {
    schema_version: RECORD_VERSION,
    run_id: runId,
    command: options.command,
    version: packageVersion(),
    status: 'running',
    phase: 'prepare',
    started_at: now.toISOString(),
    finished_at: null,
    duration_seconds: null,
    pid: process.pid,
    host: hostname(),
    options: {
      input: options.inputFolder,
      output: options.outputFolder,
      log_dir: options.logFolder,
      settings_file: options.settingsFile ?? null,
      mode: options.mode,
      merge_days: options.mergeDays,
      allow_shrink: options.allowShrink,
      since: dayText(options.since),
      until: dayText(options.until),
      as_of: dayText(options.asOf),
      allow_missing: options.allowMissing,
      strict: options.strict,
      escape_formulas: options.escapeFormulas,
      bom: options.bom,
      rules: shownRules(options.rules, options.hashKey),
      hash_key_id: keyId(options.hashKey),
    },
    as_of: null,
    inputs: [],
    outputs: [],
    incremental: null,
    totals: null,
    control_totals: [],
    findings: [],
    notices: [],
    timings: {},
    peak_memory_bytes: 0,
    rejects_file: null,
    error: null,
  }
}

function inputRecord(input: InputReport, showValues: boolean): InputRecord {
  const { accounting } = input
  return {
    table: input.table,
    files: input.files.map(({ name, bytes, sha256 }) => ({ file: name, bytes, sha256 })),
    accounting: accounting.counts,
    filtered_by: Object.fromEntries(accounting.filteredBy),
    reject_rate: accounting.rejectRate,
    money:
      input.definition.worth !== undefined
        ? {
            read: formatMoney(accounting.moneyRead),
            rejected: formatMoney(accounting.moneyRejected),
            reject_rate: accounting.moneyRejectRate,
          }
        : null,
    reasons: [...accounting.reasons.values()].map((reason) => ({
      reason: reason.reason,
      column: reason.column ?? null,
      count: reason.count,
      example_file: reason.example.file,
      example_line: reason.example.line,
      example: exampleOf(reason, showValues),
    })),
    missing_columns: [...input.missingColumns],
    unknown_columns: [...input.unknownColumns],
    seconds: Math.round(input.seconds * 1000) / 1000,
  }
}

function accepted({ unit, sides }: ControlTotal): string {
  const { value } = sides[0]!
  if (unit === 'quantity') return formatQuantity(value)
  return unit === 'money' ? formatMoney(value) : String(value)
}

function dayText(day: number | undefined): string | null {
  return day === undefined ? null : formatDay(day)
}

/** Column names of each table that has some. */
function byTable(inputs: readonly InputReport[], names: (input: InputReport) => readonly string[]): string {
  return inputs
    .filter((input) => names(input).length > 0)
    .map((input) => `${input.table} (${shortList(names(input))})`)
    .join(', ')
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => name.slice(0, 60))
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}

/** @example '12 (user 10, of_filtered_session 2)' */
function filteredText({ filtered, filteredBy }: InputReport['accounting']): string {
  const reasons = [...filteredBy].map(([reason, rows]) => `${reason} ${grouped(rows)}`)
  return `${grouped(filtered)} (${reasons.join(', ')})`
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms) / 1000)
}
