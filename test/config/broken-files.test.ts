import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SettingsFolder } from '../support/settings-folder.ts'

let shop: SettingsFolder
beforeEach(() => {
  shop = new SettingsFolder()
})
afterEach(() => shop.dispose())

const said = async (file?: string) =>
  (await shop.problems(file)).map(({ failure, code, message }) => {
    expect(failure).toBe('config')
    expect(message).not.toContain('\n')
    return [code, message]
  })

/** A settings file, and what is said of it. */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ['yaml', 'timezone: [UTC\nstrict: true\n', 'line 2'],
  ['yaml', 'timezone: UTC\nstrict: true\ntimezone: UTC\n', 'line 3: timezone is given twice'],
  ['yaml', 'a: *nowhere', 'nowhere'],
  ['yaml', 'strict: true\n---\nstrict: false', 'multiple documents'],
  [
    'yaml',
    `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefg'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`).join(', ')}]`).join('\n')}`,
    'alias',
  ],
  ['yaml', '- a\n- b', 'it does not hold settings by name'],
  ['yaml', 'just words', 'it does not hold settings by name'],
  ['json', '{\n  "strict": true,\n  "bom": tru\n}', 'line 3: it is not JSON'],
  ['json', '{\n  "strict": true,\n}', 'line 3: it is not JSON'],
  ['json', '{\n  // none\n}', 'line 2: it is not JSON'],
  ['json', '{\n"a": [1,\n2,\n]}', 'line 4: it is not JSON'],
  ['json', '{\n"a": "b\n"}', 'line 2: it is not JSON'],
  ['json', '', 'it is not JSON: Unexpected end of JSON input'],
  ['json', '{\n"strict": true,\n"strict": false}', 'line 3: strict is given twice'],
  ['json', '[1]', 'it does not hold settings by name'],
  ['json', 'null', 'it does not hold settings by name'],
  [
    'ts',
    'interface A {}\n\nexport default {\n  timezone: (,\n}',
    'line 4: it cannot be loaded: Unexpected token',
  ],
  [
    'ts',
    "interface A {}\n\nthrow new TypeError('no such thing')",
    'line 3: it cannot be loaded: TypeError: no such thing',
  ],
  [
    'ts',
    "interface A {}\n\nimport { x } from './nowhere.ts'\nexport default { x }",
    "line 3: it cannot be loaded: Cannot find module './nowhere.ts'",
  ],
  [
    'mjs',
    "\nimport x from 'left-pad'\nexport default { x }",
    "line 2: it cannot be loaded: Cannot find module 'left-pad'",
  ],
  [
    'js',
    '\nexport default { timezone: zone }',
    'line 2: it cannot be loaded: ReferenceError: zone is not defined',
  ],
  ['js', "throw 'a text'", 'it cannot be loaded: a text'],
  ['js', 'export const timezone = 1', 'it has no default export'],
  ['js', '', 'it has no default export'],
  ['js', 'export default () => ({})', 'its default export is a function'],
  ['js', 'export default Promise.resolve({})', 'its default export is a promise'],
  ['js', "export default Promise.reject(new Error('later'))", 'its default export is a promise'],
  ['js', 'export default new Map()', 'it does not hold settings by name'],
  ['js', 'export default 7', 'it does not hold settings by name'],
]

test.each(BROKEN)('%s: %j', async (ending, text, expected) => {
  shop.write(`ecomagg.config.${ending}`, text)
  const problems = await said()
  expect(problems).toHaveLength(1)
  expect(problems[0]![0]).toBe('config_broken')
  expect(problems[0]![1]).toContain(`ecomagg.config.${ending}`)
  expect(problems[0]![1]).toContain(expected)
})

const N = 200_000
const DEEP_VALUE = `let deep = []\nfor (let i = 0; i < ${N}; i++) deep = [deep]\n`

/** Settings nested without end, and where that is told. */
const DEEP: readonly (readonly [string, string, string, string])[] = [
  ['lists', 'json', `{\n"a": ${'['.repeat(N)}${']'.repeat(N)}}`, ', line 2'],
  ['objects', 'json', `${'{"a":'.repeat(N)}1${'}'.repeat(N)}`, ', line 1'],
  ['lists that nothing closes', 'json', '['.repeat(N), ', line 1'],
  ['flow lists', 'yaml', `a:\n  ${'['.repeat(N)}${']'.repeat(N)}`, ', line 2'],
  ['flow maps', 'yaml', `${'{a: '.repeat(N)}1${'}'.repeat(N)}`, ', line 1'],
  ['lists in one line', 'yaml', `${'- '.repeat(N)}x`, ', line 1'],
  ['keys of keys', 'yaml', `${'? '.repeat(N)}x`, ', line 1'],
  ['blocks', 'yaml', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), ', line 101'],
  ['values of code', 'js', `${DEEP_VALUE}export default { a: deep }`, ''],
]

test.each(DEEP)('%s that lie one within the other without end, in %s', async (_, ending, text, line) => {
  const name = `ecomagg.config.${ending}`
  shop.write(name, text)
  const [problem, ...others] = await shop.problems()
  expect(others).toEqual([])
  expect([problem!.failure, problem!.code, problem!.message, problem!.details.allowed]).toEqual([
    'config',
    'config_broken',
    `${name}${line}: it is nested too deep; allowed are at most 100 levels, one within the other`,
    'at most 100 levels',
  ])
})

test.each([1, 2, 4, 8, 90])('a chain of %i aliases, each nearly too deep, is told, too', async (length) => {
  const [open, close] = ['['.repeat(97), ']'.repeat(97)]
  const links = Array.from({ length }, (_, i) => `a${i + 1}: &a${i + 1} ${open}*a${i}${close}\n`)
  shop.write('ecomagg.config.yaml', `a0: &a0 [x]\n${links.join('')}`)
  const codes = new Set((await said()).map(([code]) => code))
  expect(codes.size).toBe(1)
  expect(codes.has('config_invalid') || codes.has('config_broken')).toBe(true)
})

test('a module that declares what is nested without end', async () => {
  shop.write('ecomagg.config.json', '{"modules": ["./own.js"]}')
  shop.write('own.js', `${DEEP_VALUE}export const metrics = [{ name: deep }]`)
  expect((await said())[0]).toEqual([
    'config_broken',
    expect.stringContaining('own.js: it is nested too deep'),
  ])
})

test('a hundred levels are not too deep, and rings have an end', async () => {
  shop.write('a.json', `{"a": ${'['.repeat(99)}${']'.repeat(99)}}`)
  expect((await said('a.json'))[0]).toEqual(['config_invalid', 'a.json, line 1: a: unknown setting'])
  shop.write('b.js', 'const ring = {}\nring.strict = ring\nexport default ring')
  expect((await said('b.js'))[0]![0]).toBe('config_invalid')
})

test('a fault in what the settings file imports names both places', async () => {
  shop.write('ecomagg.config.ts', "\nimport { zone } from './zone.ts'\nexport default { timezone: zone }")
  const zone = shop.write('zone.ts', '\n\nexport const zone = nothing()')
  const [thrown] = await said()
  expect(thrown![1]).toContain('ecomagg.config.ts, line 2: it cannot be loaded: ReferenceError')
  expect(thrown![1]).toContain(`(in ${zone}, line 3)`)
  shop.write('zone.ts', '\n\nexport const zone = (,')
  expect((await said())[0]![1]).toContain(`Unexpected token (in ${zone}, line 3)`)
})

test('two settings files are refused, both named', async () => {
  shop.write('ecomagg.config.yaml', '')
  shop.write('ecomagg.config.ts', '')
  expect(await said()).toEqual([
    [
      'several_config_files',
      `${shop.folder} holds several settings files: ecomagg.config.ts, ecomagg.config.yaml`,
    ],
  ])
  shop.write('one.yaml', '')
  expect((await shop.settings('one.yaml')).given).toEqual({})
})

test('a settings file of a folder above is not looked for', async () => {
  shop.write('ecomagg.config.yaml', 'strict: true')
  mkdirSync(join(shop.folder, 'below'))
  const { readSettings } = await import('../../src/config/read-settings.ts')
  const { loaded } = await readSettings({ workingFolder: join(shop.folder, 'below'), file: undefined })
  expect(loaded?.file).toBeUndefined()
})

test('a named file that is not there, or has another ending', async () => {
  shop.write('settings.toml', '')
  expect(await said('nowhere.yaml')).toEqual([
    ['config_missing', 'nowhere.yaml: there is no such settings file'],
  ])
  expect(await said('')).toEqual([['config_missing', "'': there is no such settings file"]])
  expect(await said('settings.toml')).toEqual([
    ['config_broken', 'settings.toml: this ending is none of a settings file'],
  ])
})

test.each(['yaml', 'ts'])(
  'a folder, a pipe and a link to nowhere in place of the %s file',
  async (ending) => {
    const name = `ecomagg.config.${ending}`
    mkdirSync(join(shop.folder, name))
    expect(await said()).toEqual([['config_unreadable', `${name}: it is a folder`]])
    expect(await said(name)).toEqual([['config_unreadable', `${name}: it is a folder`]])
    execFileSync('mkfifo', [join(shop.folder, `pipe.${ending}`)])
    expect(await said(`pipe.${ending}`)).toEqual([
      ['config_unreadable', `pipe.${ending}: it is no plain file`],
    ])
    symlinkSync('nowhere', join(shop.folder, `link.${ending}`))
    expect(await said(`link.${ending}`)).toEqual([
      ['config_missing', `link.${ending}: there is no such settings file`],
    ])
  },
)
