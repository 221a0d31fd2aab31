import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { leafPaths } from '../../src/config/schema/schema-keys.ts'
import { settingsSchema } from '../../src/config/schema/settings.ts'

const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8').replace(
  /```[\s\S]*?```/g,
  '',
)
const words = [...page.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)

/** Whether the page names a setting: in full, or by its last part after others of its group (`.social`). */
function isNamed(path: string): boolean {
  return words.includes(path) || words.includes(path.slice(path.lastIndexOf('.')))
}

test('every setting is explained', () => {
  const paths = leafPaths(settingsSchema)
    .map((path) => path.join('.').replace(/^rawTables\.\w+/, 'rawTables.<table>'))
    .filter((path) => path !== '$schema')
  // Settings that are named by the shop are explained with a placeholder.
  const named = paths.map((path) =>
    path === 'funnel.steps'
      ? 'funnel.steps.<name>'
      : path === 'coupons'
        ? 'coupons.<code>'
        : path === 'listPrices'
          ? 'listPrices.<product_name>'
          : path,
  )
  expect(paths.length).toBeGreaterThan(30)
  expect([...new Set(named)].filter((path) => !isNamed(path))).toEqual([])
})

test('every setting that is explained is there', () => {
  const known = new Set(leafPaths(settingsSchema).map((path) => path[0]!))
  const rows = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => [
    ...cell!.matchAll(/`([a-zA-Z]+)[^`]*`/g),
  ])
  const settings = rows.map((match) => match[1]!)
  expect(settings.length).toBeGreaterThan(30)
  expect([...new Set(settings)].filter((name) => !known.has(name))).toEqual([])
})

test('every option of every command is explained', () => {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const help = (command: string) =>
    execFileSync(process.execPath, [main, ...command.split(' '), '--help'], { encoding: 'utf8' })
  const optionsOf = (text: string) =>
    [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]!)
  const ofRun = optionsOf(help('process'))
  expect(ofRun.length).toBeGreaterThan(20)
  const isOption = (word: string, option: string) => word === option || word.startsWith(`${option} `)
  const named = words.flatMap((word) => word.split(', '))
  const lacking = ofRun.filter((option) => !named.some((word) => isOption(word, option)))
  expect(lacking.filter((option) => option !== '--help')).toEqual([])
  const commands = [
    'init',
    'config',
    'verify',
    'prune',
    'sample',
    'describe',
    'logs',
    'logs show',
    'schedule',
  ]
  for (const command of commands) {
    const row = page.split('\n').find((line) => new RegExp(`^\\| ${command.split(' ')[0]}\\b`).test(line))
    const own = [...(row ?? '').matchAll(/`([^`]+)`/g)].flatMap((match) => match[1]!.split(', '))
    // What all commands share is said above the table; config takes the options of process.
    const shared = command === 'config' ? ofRun : ['--config', '--input', '--output', '--log-dir']
    const absent = optionsOf(help(command)).filter(
      (option) => ![...shared, '--help'].includes(option) && !own.some((word) => isOption(word, option)),
    )
    expect(absent, command).toEqual([])
  }
})
