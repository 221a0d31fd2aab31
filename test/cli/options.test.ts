import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/edge/exit-codes.ts'
import { runProgram } from '../../src/cli/program.ts'
import { errorLines } from '../../src/cli/show/error-lines.ts'
import { terminalOn } from '../../src/cli/show/terminal.ts'
import { KnownError } from '../../src/lib/errors.ts'
import { takingTurns, Workspace } from '../support/workspace.ts'

const workspace = new Workspace()
const inTurn = takingTurns(2)
const run = (...args: string[]) => inTurn(() => workspace.ecomagg(args))
afterAll(() => workspace.dispose())

/** The options that each command must name in its help. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  process: [
    '--input',
    '--output',
    '--log-dir',
    '--since',
    '--until',
    '--as-of',
    '--time-format',
    '--timezone',
    '--max-reject-rate',
    '--allow-missing',
    '--strict',
    '--no-escape-formulas',
    '--bom',
    '--quiet',
    '--verbose',
    '--json',
  ],
  check: ['--input', '--log-dir', '--strict', '--json'],
  logs: ['--log-dir', '--failed', '--json'],
  'logs show': ['--log-dir', '--failed', '--json'],
  describe: ['--markdown'],
  prune: ['--older-than', '--input', '--output', '--archive', '--delete', '--dry-run', '--json', '--quiet'],
}

describe.concurrent('help', () => {
  test('of ecomagg names every command and every exit code', async () => {
    const { exit, stdout, stderr } = await run('--help')
    expect([exit, stderr]).toEqual([0, ''])
    for (const command of Object.keys(COMMANDS))
      expect(stdout).toMatch(new RegExp(`^ {2}${command.split(' ')[0]}\\b`, 'm'))
    for (const code of [0, 64, 65, 66, 70, 73, 74, 75, 78])
      expect(stdout).toMatch(new RegExp(`^ {2}${code} `, 'm'))
  })

  test.each(Object.keys(COMMANDS))('of %s names its options', async (command) => {
    const { exit, stdout, stderr } = await run(...command.split(' '), '--help')
    expect([exit, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: ecomagg ${command}`)
    for (const option of COMMANDS[command]!) expect(stdout).toMatch(new RegExp(`${option}\\b`))
  })

  test('of help itself', async () => {
    expect((await run('help', 'process')).stdout).toBe((await run('process', '--help')).stdout)
  })
})

test('the version is that of the package', async () => {
  const { exit, stdout } = await run('--version')
  const manifest = (await import('../../package.json', { with: { type: 'json' } })).default
  expect([exit, stdout]).toEqual([0, `${manifest.version}\n`])
})

/** Arguments, and what the message must name. */
const WRONG: readonly (readonly [readonly string[], string])[] = [
  [[], 'Usage'],
  [['proces'], 'proces'],
  [['process', '--nope'], '--nope'],
  [['process', 'raw_data'], 'argument'],
  [['process', '--input'], '--input'],
  [['process', '--input', ''], '--input'],
  [['process', '--output', ''], '--output'],
  [['process', '--log-dir', ''], '--log-dir'],
  [['process', '--output', 'raw_data'], '--output'],
  [['process', '--output', './x/../raw_data/'], '--output'],
  [['process', '--since', '01-02-2025'], '--since'],
  [['process', '--since', '2025-02-30'], '--since'],
  [['process', '--since', 'today'], '--since'],
  [['process', '--until', '2025-1-2'], '--until'],
  [['process', '--since', '2025-01-02', '--until', '2025-01-01'], '--until'],
  [['process', '--as-of', 'yesterday'], '--as-of'],
  [['process', '--as-of', '2025-01-01T00:00'], '--as-of'],
  [['process', '--as-of', 'Today'], '--as-of'],
  [['process', '--timezone', 'Berlin'], '--timezone'],
  [['process', '--timezone', ''], '--timezone'],
  [['process', '--time-format', 'dd-MM-yy'], '--time-format'],
  [['process', '--time-format', 'yyyy-dd-MM'], '--time-format'],
  [['process', '--time-format', 'dd-MM-yyyy', '--time-format', 'hh:mm dd-MM-yyyy'], '--time-format'],
  [['process', '--max-reject-rate', '1.01'], '--max-reject-rate'],
  [['process', '--max-reject-rate', '5%'], '--max-reject-rate'],
  [['process', '--max-reject-rate=-0.1'], '--max-reject-rate'],
  [['process', '--max-reject-rate', ''], '--max-reject-rate'],
  [['process', '--max-reject-rate', 'NaN'], '--max-reject-rate'],
  [['process', '--keep-runs', '0'], '--keep-runs'],
  [['process', '--keep-runs', '1.5'], '--keep-runs'],
  [['process', '--threads', '0'], '--threads'],
  [['process', '--threads', 'two'], '--threads'],
  [['check', '--since', 'x'], '--since'],
  [['describe', 'orders'], 'orders'],
  [['describe', '--markdown', 'orders'], 'orders'],
  [['describe', 'order_table', 'user_table'], 'arguments'],
  [['logs', '--nope'], '--nope'],
  [['logs', 'show', 'last', '--log-dir', 'logs'], 'no such run'],
  [['logs', 'show', '000042', '--log-dir', 'logs'], '000042'],
]

/** What the command line makes of arguments, in this process: exit code and what is said on stderr. */
async function inProcess(args: readonly string[]): Promise<{ exit: number; said: string }> {
  let said = ''
  const terminal = terminalOn(
    { write: () => expect.unreachable('nothing may be said on stdout') },
    {
      write: (text) => {
        said += text
      },
    },
  )
  const { signal } = new AbortController()
  try {
    const context = {
      terminal,
      program: '/nowhere/main.js',
      workingFolder: workspace.folder,
      environment: {},
      signal,
      now: () => new Date(),
    }
    return { exit: await runProgram(args, context), said }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return { exit: exitCodeOf(error.failure), said: `${said}${errorLines(error, terminal.paint).join('\n')}` }
  }
}

describe.concurrent('usage errors', () => {
  test.each(WRONG)('%j is refused with 64 and says %s', async (args, named) => {
    const { exit, said } = await inProcess(args)
    expect(exit, said).toBe(64)
    expect(said).toContain(named)
  })

  test.each(WRONG.filter((_, i) => i % 5 === 0))('%j, by the built binary', async (args, named) => {
    const { exit, stdout, stderr } = await run(...args)
    expect(exit, stderr).toBe(64)
    expect(stdout).toBe('')
    expect(stderr).toContain(named)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('all wrong options are named at once', async () => {
    const { exit, stderr } = await run(
      ...['process', '--input', '', '--since', 'x', '--until', 'y', '--as-of', 'z', '--timezone', 'Berlin'],
      ...['--time-format', 'dd', '--max-reject-rate', '2'],
    )
    expect(exit).toBe(64)
    const named = [
      '--input',
      '--since',
      '--until',
      '--as-of',
      '--timezone',
      '--time-format',
      '--max-reject-rate',
    ]
    const lines = stderr.split('\n')
    for (const option of named) {
      expect(
        lines.filter((line) => line.startsWith('error (bad_option)') && line.includes(option)),
      ).toHaveLength(1)
      expect(
        lines.some((line) => line.includes('what to do') && line.includes(option)),
        option,
      ).toBe(true)
    }
  })

  test('also that of how many runs to keep', async () => {
    const { exit, stderr } = await run('process', '--keep-runs', '0', '--since', 'x')
    expect(exit).toBe(64)
    for (const option of ['--keep-runs', '--since']) expect(stderr).toContain(option)
  })

  test('nothing was written by any of them', () => {
    for (const folder of [workspace.output, workspace.logs]) expect(readdirSync(folder)).toEqual([])
  })
})
