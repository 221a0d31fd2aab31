import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'
import { blocksOf, pages } from './pages.ts'

/** The settings files that the pages show; worked examples of several files are run by customising.test.ts. */
const shown = pages
  .filter((page) => !page.includes('CONTRIBUTING'))
  .flatMap((page) =>
    blocksOf(page)
      .filter(({ language, notes }) => ['yaml', 'ts'].includes(language) && !notes.has('example'))
      .map(({ language, code, line }) => ({ page, line, ending: language, code })),
  )

describe.concurrent('settings as the pages show them', () => {
  test('are there', () => expect(shown.length).toBeGreaterThanOrEqual(7))

  for (const { page, line, ending, code } of shown) {
    test(`${page}, line ${line}, ${ending}, is accepted, and each of its settings is in effect`, async () => {
      const shop = new Workspace()
      try {
        const file = `ecomagg.config.${ending}`
        writeFileSync(join(shop.folder, file), code)
        const { exit, stdout, stderr } = await shop.ecomagg(['config', '--json'])
        expect([exit, stderr]).toEqual([0, ''])
        const sources = Object.values(JSON.parse(stdout).sources as Record<string, string>)
        expect(sources.filter((source) => source.startsWith(file)).length).toBeGreaterThan(0)
      } finally {
        shop.dispose()
      }
    })
  }
})
