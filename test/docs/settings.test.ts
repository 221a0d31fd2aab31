import { readFileSync } from 'node:fs'
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
