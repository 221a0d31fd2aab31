import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scheduleLines } from '../../src/run/schedule.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

test('the line for cron works from nowhere, in an empty environment, with odd folder names', async () => {
  const workspace = new Workspace()
  try {
    workspace.copyFrom(join(fixtures, 'cases/one_day_one_order/raw_data'))
    const output = "out 100% o'clock"
    const args = ['schedule', '--at', '03:05', '--cron', '--input', workspace.input, '--output', output]
    const { exit, stdout } = await workspace.ecomagg([...args, '--', '--as-of', '2030-01-01'])
    expect(exit).toBe(0)
    const line = stdout.trimEnd().split('\n').at(-1)!
    expect(line.startsWith('5 3 * * * /')).toBe(true)
    // cron takes \% for a percent sign and gives the rest to sh.
    const command = line.slice('5 3 * * * '.length).replaceAll('\\%', '%')
    expect(execFileSync('sh', ['-c', command], { cwd: '/', env: {}, encoding: 'utf8' })).toBe('')
    expect(readdirSync(join(workspace.folder, output))).toContain('manifest.json')
  } finally {
    workspace.dispose()
  }
})

const OPTIONS = {
  hour: 1,
  minute: 0,
  node: '/usr/bin/node',
  program: '/opt/my tools/main.js',
  inputFolder: '/data/raw',
  outputFolder: '/data/100%',
  logFolder: '/data/$logs',
  more: [],
}

test('systemd: what it would expand is escaped', () => {
  const lines = scheduleLines('systemd', OPTIONS)
  expect(lines).toContain('OnCalendar=*-*-* 01:00:00')
  expect(lines).toContain(
    'ExecStart=/usr/bin/node "/opt/my tools/main.js" process --quiet --input /data/raw --output /data/100%% --log-dir /data/$$logs',
  )
})

test('Windows: one command in quotes, those inside escaped', () => {
  expect(scheduleLines('windows', OPTIONS).at(-1)).toBe(
    'schtasks /Create /TN "ecomagg" /SC DAILY /ST 01:00 /TR "/usr/bin/node \\"/opt/my tools/main.js\\" process --quiet --input /data/raw --output /data/100% --log-dir /data/$logs"',
  )
})

test.each([
  ['--at', '25:00'],
  ['--at', '1:00'],
  ['--cron', '--windows'],
])('schedule %s %s is refused', async (...args) => {
  const workspace = new Workspace()
  try {
    expect((await workspace.ecomagg(['schedule', ...args])).exit).toBe(64)
  } finally {
    workspace.dispose()
  }
})
