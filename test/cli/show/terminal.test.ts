import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorLines } from '../../../src/cli/show/error-lines.ts'
import { type Terminal, terminalOn } from '../../../src/cli/show/terminal.ts'
import { KnownError } from '../../../src/lib/errors.ts'
import { fixtures, Workspace } from '../../support/workspace.ts'

/** What lands on stdout and stderr. */
function writtenBy(write: (terminal: Terminal) => void, isTTY = false): { out: string; err: string } {
  const written = { out: '', err: '' }
  const stream = (name: keyof typeof written) => ({
    isTTY,
    write: (text: string) => {
      written[name] += text
    },
  })
  write(terminalOn(stream('out'), stream('err'), true))
  return written
}

/** What no line for people may hold, but for the end of the line. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u
const controlsIn = (text: string) => text.split('\n').filter((line) => CONTROL.test(line))

/** Ends a line, clears the screen, changes its title, turns the text around. */
const EVIL = 'a\r\nb\u001b[2J\u009b31m\u001b]0;x\u0007\u2028\u202e\u0000\u007f'

test('lines are lines, whatever is in them', () => {
  const { out, err } = writtenBy(({ out, err }) => {
    out('first', EVIL, '')
    err(EVIL)
    err()
  })
  expect(out).toBe(`first\n${err}\n`)
  expect(err).toBe('a b?[2J?31m?]0;x? ???\n')
})

test('our own colours are escapes on a terminal, those of others are not', () => {
  const painted = ({ out, paint }: Terminal) =>
    out(`${paint.bad('error')} ${paint.good(`\u001b[31m${EVIL}`)} ${paint.bold('b')}${paint.warn('!')}`)
  expect(writtenBy(painted, true).out).toBe(
    '\u001b[31merror\u001b[39m \u001b[32m?[31ma b?[2J?31m?]0;x? ???\u001b[39m \u001b[1mb\u001b[22m\u001b[33m!\u001b[39m\n',
  )
  expect(writtenBy(painted).out).toBe('error ?[31ma b?[2J?31m?]0;x? ??? b!\n')
})

test('marks of colours in what others wrote are no colours where there are none', () => {
  expect(writtenBy(({ out }) => out('a\ufdd0b\ufdd1\ufddf')).out).toBe('a?b??\n')
})

test('what is for machines stays as it is', () => {
  expect(writtenBy(({ data }) => data(EVIL)).out).toBe(EVIL)
})

test('JSON steers no terminal, and is the same JSON', () => {
  const all = String.fromCharCode(...Array.from({ length: 0x100 }, (_, i) => i))
  const value = { [EVIL]: [all, '\\u007f'] }
  const { out } = writtenBy(({ json }) => json(value))
  expect(out.split('\n').filter((line) => /\p{Cc}/u.test(line))).toEqual([])
  expect(JSON.parse(out)).toEqual(value)
  expect(out).toContain('\\u009b')
})

test('errors: a known one is one line, the stack of an unknown one keeps its lines', () => {
  const known = new KnownError('data', 'x', EVIL, { hint: EVIL })
  const unknown = new Error(EVIL)
  const { err } = writtenBy(({ err, paint }) =>
    err(...errorLines(known, paint), ...errorLines(unknown, paint)),
  )
  expect(controlsIn(err)).toEqual([])
  expect(err.split('\n').slice(0, 2)).toEqual([
    'error (x): a b?[2J?31m?]0;x? ???',
    '  what to do: a b?[2J?31m?]0;x? ???',
  ])
  expect(err).toMatch(/\n {4}at /)
})

test('headers, cells, file names and options with escapes never reach the terminal bare', async () => {
  const shop = new Workspace()
  try {
    shop.copyFrom(join(fixtures, 'cases/one_day_one_order/raw_data'))
    const column = 'tax\u001b[2J\u009b'
    const orders = readFileSync(join(shop.input, 'order_table.csv'), 'utf8').trimEnd().split('\n')
    const [header, ...rows] = orders as [string, ...string[]]
    const cells = rows.map((row) => `${row},\u001b]0;evil\u0007,9`)
    shop.write('order_table.csv', `${[`${header},${column},un\u001b[31mknown`, ...cells].join('\n')}\n`)
    writeFileSync(
      join(shop.folder, 'ecomagg.config.json'),
      JSON.stringify({
        extraColumns: { order_table: { [column]: { kind: 'money', meaning: `x${EVIL}` } } },
        showValues: true,
        maxRejectRate: 1,
      }),
    )
    const output = 'out\u001b[2J\nput'
    const commands = [
      ['process', '--verbose', '--output', output],
      ['process', '--max-reject-rate', '0', '--output', output],
      ['check', '--output', output],
      ['verify', '--output', output],
      ['logs'],
      ['logs', 'show'],
      ['logs', 'show', '000001'],
      ['logs', 'show', '\u001b[2Jnone'],
      ['config'],
      ['logs', '--json'],
      ['logs', 'show', '000001', '--json'],
      ['process', '--json', '--output', output],
      ['verify', '--json', '--output', output],
      ['config', '--json'],
      ['describe', 'order_table'],
      ['describe', '--markdown'],
      ['describe', '\u001b[2J'],
      ['prune', '--older-than', '1h', '--dry-run', '--output', output],
      ['sample', '--output', output, '--sessions', '2', '--days', '1'],
      ['--\u001b[2J'],
      ['\u001b[2J'],
    ]
    const said = new Map<string, string>()
    for (const args of commands) {
      const { stdout, stderr } = await shop.ecomagg(args)
      said.set(args.join(' '), stdout + stderr)
      expect(stdout + stderr, JSON.stringify(args)).not.toBe('')
      const isBare = (line: string) => (args.includes('--json') ? /\p{Cc}/u : CONTROL).test(line)
      expect((stdout + stderr).split('\n').filter(isBare), JSON.stringify(args)).toEqual([])
    }
    expect(said.get('logs show 000001')).toContain('tax?[2J?')
    expect(said.get('logs show 000001')).toContain('like ?]0;evil?')
    const { stdout } = await shop.ecomagg(['logs', 'show', '000001', '--json'])
    expect(JSON.parse(stdout).inputs.flatMap((input: { reasons: object[] }) => input.reasons)).toMatchObject([
      { column, example: '\u001b]0;evil\u0007' },
    ])
    for (const name of readdirSync(shop.logs).filter((name) => /\.jsonl?$/.test(name)))
      expect(
        readFileSync(join(shop.logs, name), 'utf8')
          .split('\n')
          .filter((line) => /\p{Cc}/u.test(line)),
      ).toEqual([])
    const record = readdirSync(shop.logs).find((name) => /^000001-.*Z-[0-9a-f]{4}\.json$/.test(name))!
    expect(JSON.parse(readFileSync(join(shop.logs, record), 'utf8')).options.output).toContain(output)
  } finally {
    shop.dispose()
  }
})
