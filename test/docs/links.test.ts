import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pages, root, textOf } from './pages.ts'

const linking = [...pages, 'fixtures/README.md', 'CHANGELOG.md']

/** The page as its reader sees it: what is in code is no link and no heading. */
const proseOf = (page: string) =>
  textOf(page)
    .replace(/^( *)```[\s\S]*?^\1```$/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, heading] of proseOf(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = text.replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}

/** Links to files and headings of the project; those to other places are not followed. */
function linksOf(page: string): readonly string[] {
  const prose = proseOf(page).replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link))
}

/** What is wrong with a link, if anything is. */
function faultOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path)
  if (!existsSync(target)) return `${link}: no such file`
  if (anchor === undefined) return undefined
  return anchorsOf(relative(root, target)).has(anchor) ? undefined : `${link}: no such heading`
}

describe('links', () => {
  test.each(linking)('of %s lead somewhere', (page) => {
    expect(linksOf(page).flatMap((link) => faultOf(page, link) ?? [])).toEqual([])
  })

  test('are found', () => {
    expect(linking.flatMap(linksOf).length).toBeGreaterThan(60)
    expect(faultOf('README.md', 'docs/nowhere.md')).toBe('docs/nowhere.md: no such file')
    expect(faultOf('README.md', 'docs/trouble.md#nowhere')).toBe('docs/trouble.md#nowhere: no such heading')
    expect(faultOf('docs/trouble.md', '#exit-codes')).toBeUndefined()
  })

  test('of the README lead to every page', () => {
    const linked = new Set(linksOf('README.md').map((link) => link.split('#')[0]))
    // What the program is bundled with is a matter of its licences, not of its use.
    const expected = pages.filter((page) => !/README|third-party/.test(page))
    expect(expected.filter((page) => !linked.has(page))).toEqual([])
  })
})

test('each page says first for whom it is', () => {
  // The dictionary and the licences are printed by programs; contributors know who they are.
  const written = pages.filter((page) => !/README|data-dictionary|third-party|CONTRIBUTING/.test(page))
  const first = (page: string) => textOf(page).split('\n')[2]!
  expect(written.length).toBeGreaterThan(8)
  expect(
    written.filter((page) => !/^This page is for (people|shops) (who|whose) /.test(first(page))),
  ).toEqual([])
})

test('the README stays one that is read', () => {
  const lines = textOf('README.md').split('\n')
  expect(lines.length).toBeLessThan(180)
  // .ci/run calls these two as they are written here.
  expect(lines.indexOf('    npm ci && npm start')).toBeLessThan(25)
  expect(lines.slice(0, 25)).toContain('    npm ci && npm start')
  expect(lines.slice(0, 25)).toContain('    npm ci && npm test')
})
