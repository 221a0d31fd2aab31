import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

const text = (page: string) => readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
const section = (page: string, heading: string) =>
  text(page)
    .split(/^(?=## )/m)
    .find((part) => part.startsWith(`## ${heading}\n`))!

/** The settings files that the pages show, each by its language. */
const shown = [section('README.md', 'Settings'), text('docs/settings.md')].flatMap((page) =>
  [...page.matchAll(/```(yaml|ts)\n([\s\S]*?)```/g)].map((match) => ({ ending: match[1]!, code: match[2]! })),
)

describe.concurrent('settings as the pages show them', () => {
  test('are there', () => expect(shown.length).toBeGreaterThanOrEqual(6))

  for (const [i, { ending, code }] of shown.entries()) {
    test(`example ${i + 1}, ${ending}, is accepted, and each of its settings is in effect`, async () => {
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
