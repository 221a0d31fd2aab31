import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunRecord, recordSchema } from '../../src/run/logs/record.ts'
import { type Ended, fixtures, Workspace } from '../support/workspace.ts'

const TABLES = [
  'coupon_performance.csv',
  'daily_business_metrics.csv',
  'page_engagement_metrics.csv',
  'product_performance_daily.csv',
  'session_attribution.csv',
  'session_funnel.csv',
  'user_lifetime_metrics.csv',
]

let open: Workspace[] = []
afterEach(() => {
  for (const workspace of open) workspace.dispose()
  open = []
})

/** A private folder with the raw tables of a golden case, or of the small shop of the bad cases. */
function workspaceOf(name = 'bad/base'): Workspace {
  const workspace = new Workspace()
  open.push(workspace)
  workspace.copyFrom(join(fixtures, name, 'raw_data'))
  return workspace
}

function jsonOf({ stdout }: Ended): RunRecord {
  return recordSchema.parse(JSON.parse(stdout))
}

const filesIn = (folder: string) => readdirSync(folder).sort()
const read = (workspace: Workspace, file: string) => readFileSync(join(workspace.output, file), 'utf8')

describe('success without a terminal', () => {
  test('is one line on stdout and nothing on stderr', async () => {
    const workspace = workspaceOf('cases/one_day_one_order')
    const { exit, stdout, stderr } = await workspace.ecomagg(['process'])
    expect([exit, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ecomagg: [^\n]+\n$/)
    expect(stdout).not.toContain('\u001b')
    expect(filesIn(workspace.output)).toEqual([...TABLES, 'manifest.json'].sort())
    expect(
      filesIn(workspace.logs).map((name) => name.replace(/^\d{6}-\d{8}T\d{6}Z-[0-9a-f]{4}/, '<run>')),
    ).toEqual(['<run>.json', '<run>.jsonl', 'aggregation_log.txt'])
    for (const name of filesIn(workspace.logs)) {
      expect(statSync(join(workspace.logs, name)).mode & 0o007, name).toBe(0)
    }
  })

  test('with --quiet prints nothing', async () => {
    const { exit, stdout, stderr } = await workspaceOf().ecomagg(['process', '--quiet'])
    expect([exit, stdout, stderr]).toEqual([0, '', ''])
  })

  test('with --json prints a valid run record, the one in the log folder', async () => {
    const workspace = workspaceOf('cases/one_day_one_order')
    const ended = await workspace.ecomagg(['process', '--json'])
    expect([ended.exit, ended.stderr]).toEqual([0, ''])
    const record = jsonOf(ended)
    const kept = JSON.parse(readFileSync(join(workspace.logs, `${record.run_id}.json`), 'utf8'))
    expect(recordSchema.parse(kept)).toEqual(record)
    expect(record).toMatchObject({
      status: 'published',
      phase: 'done',
      command: 'process',
      error: null,
      rejects_file: null,
    })
    expect(record.outputs.map(({ file }) => file).sort()).toEqual(TABLES)
    for (const { file, sha256, bytes, rows } of record.outputs) {
      const content = readFileSync(join(workspace.output, file))
      expect(createHash('sha256').update(content).digest('hex'), file).toBe(sha256)
      expect(content.length).toBe(bytes)
      expect(content.toString('utf8').trimEnd().split('\n').length - 1).toBe(rows)
    }
    expect(record.control_totals.every(({ holds, sides }) => holds && sides.length >= 2)).toBe(true)
    for (const { accounting: rows } of record.inputs) {
      expect(rows.rejected + rows.duplicate + rows.outside_range + rows.filtered + rows.accepted).toBe(
        rows.read,
      )
    }
  })

  test('with --verbose prints a summary that holds the numbers', async () => {
    const workspace = workspaceOf('cases/duplicates_and_rejects')
    const { exit, stdout, stderr } = await workspace.ecomagg([
      'process',
      '--verbose',
      '--max-reject-rate',
      '1',
    ])
    expect([exit, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))
    const golden = JSON.parse(readFileSync(join(fixtures, 'cases/duplicates_and_rejects/case.json'), 'utf8'))
    for (const [table, rows] of Object.entries<Record<string, number>>(golden.accounting)) {
      const duplicate =
        rows.conflicting! > 0 ? `${rows.duplicate} (${rows.conflicting} conflicting)` : `${rows.duplicate}`
      const shown = lines.find(([name]) => name === table)!
      expect(shown.slice(0, 5), table).toEqual([
        table,
        `${rows.read}`,
        `${rows.accepted}`,
        duplicate,
        `${rows.rejected}`,
      ])
    }
    for (const file of TABLES) {
      const rows = read(workspace, file).trimEnd().split('\n').length - 1
      expect(lines.find(([name]) => name === file)?.[1], file).toBe(String(rows))
    }
    const daily = read(workspace, 'daily_business_metrics.csv').trimEnd().split('\n').slice(1)
    const orders = daily.reduce((sum, line) => sum + Number(line.split(',')[2]), 0)
    expect(lines.find(([name]) => name === 'orders')?.[1]).toBe(String(orders))
    expect(stdout).toMatch(/control totals +all \d+ hold/)
    expect(stdout).toContain('conflicting_duplicates')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(140)
  })

  test('check does the same without touching the output folder', async () => {
    const workspace = workspaceOf()
    const published = jsonOf(await workspace.ecomagg(['process', '--json', '--output', 'other']))
    const ended = await workspace.ecomagg(['check', '--json'])
    expect([ended.exit, ended.stderr]).toEqual([0, ''])
    const record = jsonOf(ended)
    expect(record.status).toBe('checked')
    expect(record.outputs.map(({ rows, bytes }) => [rows, bytes])).toEqual(
      published.outputs.map(({ rows, bytes }) => [rows, bytes]),
    )
    expect(record.control_totals).toEqual(published.control_totals)
    expect(filesIn(workspace.output)).toEqual([])
  })

  test('twice gives the same bytes, and appends to the log for people', async () => {
    const workspace = workspaceOf()
    await workspace.ecomagg(['process'])
    const first = TABLES.map((file) => read(workspace, file))
    await workspace.ecomagg(['process'], { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })
    expect(TABLES.map((file) => read(workspace, file))).toEqual(first)
    const log = readFileSync(join(workspace.logs, 'aggregation_log.txt'), 'utf8')
    expect(log.match(/PUBLISHED/g)).toHaveLength(2)
  })
})

/** What is done to the workspace, the arguments, the exit code and the error's code. */
const FAILURES: readonly (readonly [
  string,
  (workspace: Workspace) => void,
  readonly string[],
  number,
  string,
])[] = [
  [
    'too many rejects',
    (w) => w.write('user_table.csv', 'user_id,has_purchase_last_year\nu,yes\n'),
    [],
    65,
    'too_many_rejects',
  ],
  [
    'a header of another table',
    (w) => w.write('click_table.csv', readFileSync(join(w.input, 'scroll_table.csv'))),
    [],
    65,
    'header_of_another_table',
  ],
  ['a quote that never closes', (w) => w.write('user_table.csv', 'user_id\n"u\n'), [], 65, 'unclosed_quote'],
  ['both forms', (w) => w.write('user_table.csv.gz', gzipSync('user_id\n')), [], 65, 'both_forms'],
  [
    'strict findings',
    (w) => w.write('click_table.csv', 'event_id,session_id,time,path\nk,ghost,2025-01-01,/\n'),
    ['--strict', '--max-reject-rate', '1'],
    65,
    'strict_findings',
  ],
  ['a missing table', (w) => w.remove('click_table.csv'), [], 66, 'missing_file'],
  [
    'a table that may never be missing',
    (w) => w.remove('order_table.csv'),
    ['--allow-missing'],
    66,
    'missing_file',
  ],
  ['no input folder', () => {}, ['--input', 'nowhere'], 66, 'missing_folder'],
  [
    'an output that is a file',
    (w) => writeFileSync(join(w.folder, 'file'), ''),
    ['--output', 'file'],
    73,
    'cannot_create_folder',
  ],
  [
    'an output below a file',
    (w) => writeFileSync(join(w.folder, 'file'), ''),
    ['--output', 'file/x'],
    73,
    'cannot_create_folder',
  ],
  [
    'a target that is a folder',
    (w) => mkdirSync(join(w.output, 'session_funnel.csv')),
    [],
    73,
    'cannot_publish',
  ],
  [
    'a target that is a link',
    (w) => symlinkSync('/dev/null', join(w.output, 'manifest.json')),
    [],
    73,
    'cannot_publish',
  ],
]

describe('failure', () => {
  test.each(FAILURES)('%s', async (_name, prepare, args, exit, code) => {
    const workspace = workspaceOf()
    prepare(workspace)
    const before = filesIn(workspace.output)
    const ended = await workspace.ecomagg(['process', '--json', ...args])
    expect(ended.exit, ended.stderr).toBe(exit)
    const record = jsonOf(ended)
    expect(record).toMatchObject({ status: 'failed', error: { code } })
    expect(record.error!.hint ?? record.error!.problems[0]!.hint).toBeTruthy()
    expect(ended.stderr).toContain('error (')
    expect(ended.stderr).toContain('what to do')
    expect(ended.stderr).toContain(`${record.run_id}.json`)
    expect(ended.stderr).not.toMatch(/\n {4}at /)
    expect(filesIn(workspace.output)).toEqual(before)
    const log = readFileSync(join(workspace.logs, 'aggregation_log.txt'), 'utf8')
    expect(log).toContain(`FAILED  run ${record.run_id}`)
    expect(log.split('\n').filter((line) => line.startsWith('  error '))).toHaveLength(1)
  })

  test('a log folder that is a file: 73, and no output', async () => {
    const workspace = workspaceOf()
    writeFileSync(join(workspace.folder, 'file'), '')
    const { exit, stdout, stderr } = await workspace.ecomagg(['process', '--log-dir', 'file'])
    expect([exit, stdout]).toEqual([73, ''])
    expect(stderr).toContain('cannot_create_folder')
    expect(filesIn(workspace.output)).toEqual([])
  })

  test('with --quiet still says why, without --json nothing on stdout', async () => {
    const workspace = workspaceOf()
    workspace.remove('click_table.csv')
    const { exit, stdout, stderr } = await workspace.ecomagg(['process', '--quiet'])
    expect([exit, stdout]).toEqual([66, ''])
    expect(stderr).toContain('click_table.csv')
  })

  test('keeps the results that are there', async () => {
    const workspace = workspaceOf()
    await workspace.ecomagg(['process'])
    const first = TABLES.map((file) => read(workspace, file))
    workspace.write('order_table.csv', 'order_id\n')
    expect((await workspace.ecomagg(['process'])).exit).toBe(65)
    expect(TABLES.map((file) => read(workspace, file))).toEqual(first)
  })
})

describe('options', () => {
  test('--bom and --no-escape-formulas change just that', async () => {
    const workspace = workspaceOf('cases/text_traps')
    const args = JSON.parse(readFileSync(join(fixtures, 'cases/text_traps/case.json'), 'utf8'))
      .args as string[]
    const plainArgs = args.filter((arg) => arg !== '--bom' && arg !== '--no-escape-formulas')
    await workspace.ecomagg(['process', ...plainArgs])
    const plain = TABLES.map((file) => read(workspace, file))
    await workspace.ecomagg(['process', '--bom', ...plainArgs])
    expect(TABLES.map((file) => read(workspace, file))).toEqual(plain.map((text) => `\uFEFF${text}`))
    await workspace.ecomagg(['process', '--bom', '--no-escape-formulas', ...plainArgs])
    const unescaped = TABLES.map((file) => read(workspace, file))
    expect(unescaped.every((text) => text.startsWith('\uFEFF'))).toBe(true)
    const tick = /(^|,|")'(?=[=@+\-\r\n])/gm
    expect(plain.join('')).toMatch(tick)
    expect(unescaped.map((text) => text.slice(1))).toEqual(plain.map((text) => text.replaceAll(tick, '$1')))
  })

  test('--as-of moves days since the last order, and nothing else but what follows from them', async () => {
    const workspace = workspaceOf('cases/one_day_one_order')
    const daysOf = async (...args: string[]) => {
      const record = jsonOf(await workspace.ecomagg(['process', '--json', ...args]))
      const [header, row] = read(workspace, 'user_lifetime_metrics.csv')
        .split('\n')
        .map((line) => line.split(','))
      const days = row![header!.indexOf('days_since_last_order')]
      return { asOf: record.as_of, days, last: row![header!.indexOf('last_order_date')]! }
    }
    const inData = await daysOf()
    expect(inData).toMatchObject({ asOf: inData.last, days: '0' })
    const later = new Date(Date.parse(inData.last) + 31 * 86_400_000).toISOString().slice(0, 10)
    expect(await daysOf('--as-of', later)).toMatchObject({ asOf: later, days: '31' })
    expect(await daysOf('--as-of', '2000-01-01')).toMatchObject({ asOf: '2000-01-01', days: '0' })
    // Kiritimati is 14 hours ahead of UTC, so that the two dates differ for most of the day.
    const dateIn = (timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date())
    for (const zone of ['UTC', 'Pacific/Kiritimati']) {
      const [before, found, after] = [
        dateIn(zone),
        await daysOf('--as-of', 'today', '--timezone', zone),
        dateIn(zone),
      ]
      expect([before, after]).toContain(found.asOf)
    }
  })

  test('--allow-missing takes what may be missing as empty', async () => {
    const workspace = workspaceOf('cases/one_day_one_order')
    const kept = ['session_table.csv', 'order_table.csv']
    for (const file of filesIn(workspace.input)) if (!kept.includes(file)) workspace.remove(file)
    expect((await workspace.ecomagg(['process'])).exit).toBe(66)
    const ended = await workspace.ecomagg(['process', '--json', '--allow-missing'])
    expect(ended.exit, ended.stderr).toBe(0)
    const record = jsonOf(ended)
    expect(record.inputs.filter(({ files }) => files.length === 0)).toHaveLength(6)
    expect(record.outputs.find(({ table }) => table === 'page_engagement_metrics')!.rows).toBe(0)
    expect(record.totals!.orders).toBe('1')
  })

  test('--strict without a finding publishes', async () => {
    const workspace = workspaceOf('cases/one_day_one_order')
    const golden = JSON.parse(readFileSync(join(fixtures, 'cases/one_day_one_order/case.json'), 'utf8'))
    expect(golden.findings).toEqual([])
    expect((await workspace.ecomagg(['process', '--strict', ...golden.args])).exit).toBe(0)
  })

  test('--since and --until are noticed in the record', async () => {
    const workspace = workspaceOf()
    const record = jsonOf(
      await workspace.ecomagg(['process', '--json', '--since', '2000-01-01', '--until', '2199-12-31']),
    )
    expect(record.options).toMatchObject({ since: '2000-01-01', until: '2199-12-31' })
    expect(record.notices.some((notice) => notice.includes('range'))).toBe(true)
    const none = jsonOf(await workspace.ecomagg(['process', '--json', '--force', '--since', '2199-12-31']))
    expect(none.totals).toEqual({ revenue: '0.00', orders: '0', sessions: '0' })
  })

  test('paths with blanks, quotes, unicode and a leading dash', async () => {
    const workspace = workspaceOf()
    for (const name of ['a b', "it's", 'ü\u{1F600}', 'with\nnewline']) {
      const { exit, stderr } = await workspace.ecomagg([
        'process',
        '--output',
        name,
        '--log-dir',
        `${name}.logs`,
      ])
      expect([exit, stderr], name).toEqual([0, ''])
      expect(filesIn(join(workspace.folder, name))).toContain('session_funnel.csv')
    }
    const dash = await workspace.ecomagg(['process', '--output=-out', '--log-dir=-logs'])
    expect([dash.exit, filesIn(join(workspace.folder, '-out')).length]).toEqual([0, 8])
  })
})
