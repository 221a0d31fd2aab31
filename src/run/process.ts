import { existsSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { requireHashKey } from '../config/hash-key.ts'
import type { RunOptions } from '../config/run-options.ts'
import { type Contract, contractOf } from '../custom/contract.ts'
import { KnownError } from '../lib/errors.ts'
import { fewFiles } from '../lib/files/few-files.ts'
import { ensureFolder, replaceFile } from '../lib/files/fs-safe.ts'
import { jsonText } from '../lib/json-text.ts'
import { writeTable } from '../outputs/form.ts'
import { setForm } from '../outputs/index.ts'
import type { TableResult } from '../tables/table-result.ts'
import { cleanHistory } from './commit/history-folder.ts'
import { MANIFEST_NAME, type Manifest, publishedManifest } from './commit/manifest.ts'
import { checkTargets, makeStagingFolder } from './commit/preflight.ts'
import { publish, type Recovery, recover } from './commit/publish.ts'
import { completionText } from './commit/published-set.ts'
import { stageManifest } from './commit/stage.ts'
import { dialectOf } from './compute/load-options.ts'
import { eachTable, load, stagePlain } from './compute/process-plain.ts'
import { stageIncremental } from './incremental/process-incremental.ts'
import { checkHistoryStays } from './incremental/replaced-set.ts'
import { judge } from './judge/judge.ts'
import { type RunLock, takeLock } from './lock/lock.ts'
import { stagingFolder } from './lock/work-folder.ts'
import { appendHumanLog } from './logs/human-log.ts'
import { pruneRuns } from './logs/prune.ts'
import type { RunRecord } from './logs/record.ts'
import { RejectsFile } from './logs/rejects-file.ts'
import { LOG_MODE, newRunId, nextRecord, type RunFiles, runFiles } from './logs/run-files.ts'
import { RunState } from './logs/run-state.ts'
import { checkCoverage } from './verify/coverage.ts'

/** What came of a run: its record, and the error if it failed. */
export interface RunResult {
  readonly record: RunRecord
  readonly files: RunFiles
  readonly error: unknown
  /** Said after the results were published: nothing of it puts them in doubt. */
  readonly afterthoughts: readonly string[]
}

/**
 * One run from start to end: reads the raw tables, computes the seven aggregate tables, checks the control
 * totals, and publishes all of them or none (`check` does everything but publishing).
 *
 * @returns the run record, also of a run that failed
 * @throws KnownError (create, io) only if the run cannot even be recorded
 */
export async function run(given: RunOptions): Promise<RunResult> {
  const options = {
    ...given,
    inputFolder: resolve(given.inputFolder),
    outputFolder: resolve(given.outputFolder),
    logFolder: resolve(given.logFolder),
  }
  ensureFolder(options.logFolder, 0o750, 'log folder', '--log-dir')
  const now = new Date()
  const runId = newRunId(options.logFolder, now)
  const files = runFiles(options.logFolder, runId)
  const state = new RunState(options, runId, files, now)
  const rejects = new RejectsFile(files.rejects, options.escapeFormulas)
  const afterthoughts: string[] = []
  let error: unknown
  try {
    replaceFile(files.record, jsonText(state.record), LOG_MODE)
    requireHashKey(options.rules, options.hashKey)
    if (options.command === 'check') await check(options, state, rejects)
    else await processAndPublish(options, state, rejects, files)
  } catch (cause) {
    const thrown = fewFiles(cause) ?? cause
    error = thrown
    rejects.close()
    state.record.rejects_file = rejects.path ?? null
    state.end(options.signal?.aborted === true ? 'interrupted' : 'failed', new Date(), thrown)
    // Of a publish that was cut short, only a record that the next start will replace may say so.
    if (!isCutShort(thrown) || existsSync(nextRecord(files))) {
      attempt(afterthoughts, 'the run record', () =>
        replaceFile(files.record, jsonText(state.record), LOG_MODE),
      )
    }
  }
  attempt(afterthoughts, 'aggregation_log.txt', () => appendHumanLog(options.logFolder, state.record))
  attempt(afterthoughts, 'old runs', () => pruneRuns(options.logFolder, options.keepRuns, runId))
  state.log('run ended', { status: state.record.status })
  state.close()
  return { record: state.record, files, error, afterthoughts }
}

function isCutShort(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'publish_cut_short'
}

/** Does what may fail without changing the outcome of the run. */
function attempt(afterthoughts: string[], what: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    afterthoughts.push(`${what} could not be written: ${(error as Error).message}`)
  }
}

async function check(options: RunOptions, state: RunState, rejects: RejectsFile): Promise<void> {
  const loaded = await load(options, contractFor(options), state, rejects)
  state.enter('aggregate')
  const verdict = await eachTable(loaded, options, async (table) => {
    const { name } = table.definition
    const file = { table: name, file: setForm.fileOf(name), rows: table.rowCount, sha256: '' }
    state.record.outputs.push({ ...file, bytes: await bytesOf(table, options) })
  })
  state.enter('check')
  state.tookVerdict(verdict)
  judge(verdict, options.strict)
  endWithout('checked', state, runFiles(options.logFolder, state.record.run_id))
}

/** How many bytes a table would have. */
async function bytesOf(table: TableResult, options: RunOptions): Promise<number> {
  let bytes = 0
  await writeTable(setForm, table, dialectOf(options), (some) => {
    bytes += some.length
  })
  return bytes
}

/** The good end of a run that publishes nothing. */
function endWithout(status: 'checked' | 'unchanged', state: RunState, { record }: RunFiles): void {
  state.checkLog()
  state.end(status, new Date())
  replaceFile(record, jsonText(state.record), LOG_MODE)
}

async function processAndPublish(
  options: RunOptions,
  state: RunState,
  rejects: RejectsFile,
  files: RunFiles,
): Promise<void> {
  const { outputFolder } = options
  const contract = contractFor(options)
  const runId = state.record.run_id
  ensureFolder(outputFolder, 0o755, 'output folder', '--output')
  const holder = { pid: process.pid, host: hostname(), run_id: runId, started_at: state.record.started_at }
  const lock: RunLock = await takeLock(outputFolder, holder)
  const staged = nextRecord(files)
  try {
    if (lock.died !== undefined) state.notice(`run ${lock.died.run_id} was killed or ran out of memory`)
    checkTargets(outputFolder, [
      ...contract.aggregates.map(({ name }) => setForm.fileOf(name)),
      MANIFEST_NAME,
    ])
    tellRecovery(recover(outputFolder), state)
    await checkCoverage(options)
    if (isPlain(options) && !options.force) checkHistoryStays(outputFolder)
    tellReplacedSet(options, contract, state)
    const staging = makeStagingFolder(outputFolder, runId)
    const stage = isPlain(options) ? stagePlain : stageIncremental
    const set = await stage(options, contract, staging, state, rejects)
    if (set === undefined) {
      options.signal?.throwIfAborted()
      endWithout('unchanged', state, files)
      rmSync(staging, { recursive: true, force: true })
      return
    }
    const { files: tables, ...facts } = set
    const manifest = stageManifest(staging, state.record, facts)
    options.signal?.throwIfAborted()
    state.enter('publish')
    state.checkLog()
    state.end('published', new Date())
    const text = jsonText(state.record)
    replaceFile(staged, text, LOG_MODE)
    const record = { from: staged, to: files.record }
    publish({ outputFolder, runId, files: [...tables, manifest], record, text })
    await cleanHistory(outputFolder)
  } catch (error) {
    if (!isCutShort(error)) {
      rmSync(stagingFolder(outputFolder, runId), { recursive: true, force: true })
      rmSync(staged, { force: true })
    }
    throw error
  } finally {
    lock.release()
  }
}

function isPlain({ mode }: RunOptions): boolean {
  return mode === 'plain'
}

function tellRecovery(recovery: Recovery, state: RunState): void {
  const { lost, removed } = recovery
  for (const text of completionText(recovery)) state.notice(text)
  if (lost.length > 0) state.notice(`files of that run were gone, this run replaces them: ${lost.join(', ')}`)
  if (removed.length > 0) state.notice(`leftovers of a killed run were removed: ${removed.join(', ')}`)
}

function contractFor({ rules, extensions }: RunOptions): Contract {
  return contractOf(rules, extensions)
}

/**
 * A table that the settings no longer have stays where it is, and must not be taken for a part of the new set.
 * If nobody knows what the set before was, that is said.
 */
function tellReplacedSet(
  { outputFolder, mode }: RunOptions,
  { aggregates }: Contract,
  state: RunState,
): void {
  let before: Manifest | undefined
  try {
    before = publishedManifest(outputFolder)
  } catch (error) {
    // Nothing can be added to a set that nobody knows.
    if (!(error instanceof KnownError) || mode === 'incremental') throw error
    state.notice(`${error.message}; this run replaces it`)
  }
  const stale = (before?.files ?? []).filter(
    ({ file }) =>
      !aggregates.some(({ name }) => file === setForm.fileOf(name)) && existsSync(join(outputFolder, file)),
  )
  const names = stale.map(({ file }) => file).join(', ')
  if (names !== '')
    state.notice(
      `no longer part of the set, and left as they are: ${names}; remove them if nobody reads them`,
    )
}
