import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ScheduleOptions, scheduleLines } from '../../../src/run/schedule/schedule.ts'
import { fixtures, Workspace } from '../../support/workspace.ts'

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

/** Words that mean something to a shell, a scheduler or a parser of command lines. */
const ODD = [
  '%',
  '100%',
  'a\\%b',
  'a\\\\%b',
  "o'%clock",
  "'",
  '%%x%',
  '$HOME',
  '$' + '{HOME}',
  '`id`',
  '$(id)',
  'a b',
  '',
  ';',
  'a;b',
  'a&b',
  'a|b>c<d',
  '#x',
  '\\',
  'a\\',
  'a b\\',
  '!x',
  '~',
  '*',
  'ü',
]

/** What cron makes of a command: \% is a percent sign, and what follows one without is its input. */
function afterCron(command: string): string {
  let text = ''
  for (let i = 0; i < command.length; i++) {
    if (command[i] === '\\') text += command[i + 1] === '%' ? command[++i] : `\\${command[++i] ?? ''}`
    else if (command[i] === '%') return text
    else text += command[i]
  }
  return text
}

test('cron: each word reaches the program as it is', () => {
  const printer = { node: '/usr/bin/env', program: 'printf' }
  const line = scheduleLines('cron', { ...OPTIONS, ...printer, more: ODD }).at(-1)!
  const command = afterCron(line.slice('0 1 * * * '.length)).replace(' process ', " '%s\\0' ")
  const words = execFileSync('sh', ['-c', command], { cwd: '/', encoding: 'utf8' }).split('\0')
  expect(words.slice(-ODD.length - 1, -1)).toEqual(ODD)
})

test('systemd: each odd word is quoted by its rules', () => {
  const command = scheduleLines('systemd', { ...OPTIONS, more: ODD }).find((line) =>
    line.startsWith('ExecStart='),
  )!
  const words = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|([^ "]+)/g)].slice(-ODD.length)
  const read = words.map(([, quoted, bare]) =>
    (quoted ?? bare!).replace(/\\(.)|%%|\$\$/g, (two, one) => one ?? two[0]),
  )
  expect(read).toEqual(ODD)
  for (const [, quoted = '', bare = ''] of words) {
    expect((quoted + bare).replaceAll('%%', '').replaceAll('$$', '')).not.toMatch(/[%$]/)
    expect(bare).not.toMatch(/[\\;'#*~]/)
  }
})

test('systemd: the program itself is a path, in which no variable is put', () => {
  const [command] = scheduleLines('systemd', { ...OPTIONS, node: '/opt/$a 1%/node' }).filter((line) =>
    line.startsWith('ExecStart='),
  )
  expect(command!.startsWith('ExecStart="/opt/$a 1%%/node" ')).toBe(true)
})

/** What cmd makes of a line: a caret outside of quotes makes the next character plain. */
function afterCmd(line: string): string {
  let isQuoted = false
  let text = ''
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') isQuoted = !isQuoted
    if (!isQuoted && line[i] === '^') text += line[++i]
    else if (!isQuoted && /[&|<>()]/.test(line[i]!))
      throw new Error(`cmd takes ${line[i]} of ${line} for itself`)
    else text += line[i]
  }
  return text
}

/** The arguments of a command line, as programs for Windows read them. */
function argumentsOf(line: string): string[] {
  const words: string[] = []
  let [word, isQuoted, isWord] = ['', false, false]
  for (let i = 0; i < line.length; i++) {
    const slashes = /^\\*/.exec(line.slice(i))![0].length
    if (slashes > 0 && line[i + slashes] === '"') {
      word += '\\'.repeat(slashes >> 1)
      i += slashes - 1
      isWord = true
      if (slashes % 2 === 1) word += line[++i]
    } else if (line[i] === '"') {
      isQuoted = !isQuoted
      isWord = true
    } else if (line[i] === ' ' && !isQuoted) {
      if (isWord) words.push(word)
      ;[word, isWord] = ['', false]
    } else {
      word += line[i]
      isWord = true
    }
  }
  return isWord ? [...words, word] : words
}

test('Windows: each word reaches the program as it is, past cmd and schtasks', () => {
  const words = [...ODD.filter((word) => word !== '%%x%'), 'C:\\R & D\\', 'x (1)', '50% of a & b', 'C:\\']
  const line = scheduleLines('windows', { ...OPTIONS, more: words }).at(-1)!
  const task = argumentsOf(afterCmd(line)).at(-1)!
  expect(argumentsOf(task).slice(-words.length)).toEqual(words)
  expect(line).toContain('C:\\R ^& D')
})

test.each(['C:\\a"b', '%PATH%', 'C:\\%x%y'])(
  'Windows: %s cannot be quoted, and is refused',
  (inputFolder) => {
    expect(() => scheduleLines('windows', { ...OPTIONS, inputFolder })).toThrow(
      expect.objectContaining({
        failure: 'usage',
        code: 'bad_option',
        message: expect.stringMatching(/^--input: /),
      }),
    )
    expect(() => scheduleLines('windows', { ...OPTIONS, more: ['--timezone', inputFolder] })).toThrow(
      '--timezone: ',
    )
  },
)

describe.each(['cron', 'systemd', 'windows'] as const)('%s', (scheduler) => {
  test.each(['\n', '\r', '\t', '\0', '\u001b', '\u007f', '\u0085', '\u2028'])(
    'the control character %j is refused wherever it stands, by the name of its option',
    (control) => {
      const odd = `/a${control}* * * * * evil`
      const refused: readonly (readonly [string, Partial<ScheduleOptions>])[] = [
        ['--input', { inputFolder: odd }],
        ['--output', { outputFolder: odd }],
        ['--log-dir', { logFolder: odd }],
        ['--config', { settingsFile: odd }],
        ['--timezone', { more: ['--strict', '--timezone', odd] }],
        ['--null-values', { more: ['--strict', `--null-values=${odd}`] }],
        ['the options after --', { more: [odd] }],
        ['the path of Node', { node: odd }],
        ['the path of ecomagg', { program: odd }],
      ]
      for (const [option, change] of refused) {
        expect(() => scheduleLines(scheduler, { ...OPTIONS, ...change }), option).toThrow(
          expect.objectContaining({
            failure: 'usage',
            code: 'bad_option',
            message: expect.stringContaining(`${option}: `),
          }),
        )
      }
    },
  )
})

test('a line break in an option: exit 64, and no entry', async () => {
  const workspace = new Workspace()
  try {
    const { exit, stdout, stderr } = await workspace.ecomagg(['schedule', '--output', 'a\n* * * * * evil'])
    expect([exit, stdout]).toEqual([64, ''])
    expect(stderr).toContain('--output')
    expect(stderr.split('\n').some((line) => line.startsWith('* *'))).toBe(false)
  } finally {
    workspace.dispose()
  }
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
