import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { settingsSchema } from '../../../src/config/schema/settings.ts'
import { starterText } from '../../../src/config/schema/starter.ts'
import { SettingsFolder } from '../../support/settings-folder.ts'

let shop: SettingsFolder
beforeEach(() => {
  shop = new SettingsFolder()
})
afterEach(() => shop.dispose())

const OFF = { ts: '  // ', js: '  // ', yaml: '# ' }

/** The blocks that are switched off, by their line numbers. */
function blocks(lines: readonly string[], off: string): number[][] {
  const found: number[][] = []
  lines.forEach((line, i) => {
    if (!line.startsWith(off) || line.includes('yaml-language-server')) return
    if (lines[i - 1]?.startsWith(off)) found.at(-1)!.push(i)
    else found.push([i])
  })
  return found
}

describe.each(['ts', 'js', 'yaml'] as const)('the starter in %s', (format) => {
  const lines = starterText(format).split('\n')
  const off = OFF[format]
  const all = blocks(lines, off)
  const name = `ecomagg.config.${format}`
  const withOn = (on: readonly number[]) =>
    lines
      .map((line, i) => (on.includes(i) ? line.replace(off, off.replace(/(\/\/|#) /, '')) : line))
      .join('\n')

  test('as it is, gives the defaults', async () => {
    shop.write(name, lines.join('\n'))
    const { settings, given } = await shop.settings()
    expect(given).toEqual({})
    expect({ ...settings, paths: {} }).toEqual(settingsSchema.parse({}))
  })

  test('shows every setting, each with its meaning above', () => {
    const shown = all.map(([first]) => /^\W*(\w+):/.exec(lines[first!]!)![1])
    const settings = Object.keys(settingsSchema.shape).filter((one) => one !== '$schema')
    expect(shown.sort()).toEqual(settings.sort())
    for (const [first] of all) expect(lines[first! - 1]).toMatch(/^\s*(\/\*\*|##) \S/)
  })

  test('each block alone, and all at once, are valid when switched on', async () => {
    for (const on of [...all, all.flat()]) {
      shop.write(name, withOn(on))
      const { given } = await shop.settings()
      expect(Object.keys(given)).toHaveLength(all.includes(on) ? 1 : all.length)
    }
  })
})

test('all languages show the same values', async () => {
  const given = []
  for (const format of ['ts', 'js', 'yaml'] as const) {
    const lines = starterText(format).split('\n')
    const on = blocks(lines, OFF[format]).flat()
    const off = OFF[format]
    const text = lines.map((line, i) => (on.includes(i) ? line.replace(off, '') : line)).join('\n')
    given.push((await shop.settings(shop.write(`all.${format}`, text))).given)
  }
  expect(given[1]).toEqual(given[0])
  expect(given[2]).toEqual(given[0])
})

test('in JSON, it names its schema', async () => {
  shop.write('ecomagg.config.json', starterText('json'))
  expect((await shop.settings()).given).toEqual({ $schema: './ecomagg.config.schema.json' })
})
