import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/edge/exit-codes.ts'
import type { Failure } from '../../src/lib/errors.ts'
import { root, textOf } from './pages.ts'

/** All source files below a folder as one text. */
const textIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n')

const sources = textIn('src')

/** Codes that are given through a function of their file, with the exit code of that function. */
const indirect: readonly (readonly [RegExp, number])[] = [
  [/brokenFile\(\s*'(\w+)'/g, 78],
  [/\bfail\(\s*'(\w+)'/g, 65],
  [/fault\.code === '(unclosed_quote)'/g, 65],
  [/'(text_after_quote)'/g, 65],
  [/'(input_problems)'/g, 65],
]

/** Every code of an error, with the exit codes that it may have. */
function thrown(): Map<string, Set<number>> {
  const codes = new Map<string, Set<number>>()
  const add = (code: string, exit: number) =>
    codes.set(code, (codes.get(code) ?? new Set<number>()).add(exit))
  for (const [, failure, code] of sources.matchAll(/new KnownError\(\s*'(\w+)',\s*'(\w+)'/g))
    add(code!, exitCodeOf(failure as Failure))
  for (const [pattern, exit] of indirect) for (const [, code] of sources.matchAll(pattern)) add(code!, exit)
  return codes
}

const page = textOf('docs/trouble.md')
const section = (heading: string) => {
  const from = page.indexOf(`\n## ${heading}\n`)
  return page.slice(from, page.indexOf('\n## ', from + 1))
}

/** The errors that the page explains, with the exit codes that it gives them. */
function explained(): Map<string, string> {
  const rows = [...section('Errors').matchAll(/^\| (`[^|]+`) \| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)]
  return new Map(
    rows.flatMap(([, cell, exit]) => [...cell!.matchAll(/`(\w+)`/g)].map((code) => [code[1]!, exit!])),
  )
}

test('every error has a row that says what mends it, with its exit code', () => {
  const rows = explained()
  const wrong: string[] = []
  for (const [code, exits] of thrown()) {
    const given = rows.get(code)
    // A run that a signal interrupted ends with the code of the signal.
    const missing = code === 'interrupted' ? [] : [...exits].filter((exit) => !given?.includes(String(exit)))
    if (given === undefined || missing.length > 0) wrong.push(`${code}: ${[...exits]}, the page has ${given}`)
  }
  expect(thrown().size).toBeGreaterThan(50)
  expect(wrong).toEqual([])
})

test('every error that is explained is there', () => {
  const known = thrown()
  // Given to whatever has no code of its own.
  known.set('unexpected', new Set([70]))
  expect([...explained().keys()].filter((code) => !known.has(code))).toEqual([])
})

test('every finding is explained, and no other', () => {
  const findings = [...textIn('src/checks/findings').matchAll(/code: '(\w+)'/g)].map((match) => match[1]!)
  const rows = [...section('Findings').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!)
  expect(findings.length).toBeGreaterThan(10)
  expect(rows.sort()).toEqual([...new Set(findings)].sort())
})

test('every reason of a rejected row is explained', () => {
  const text = textOf('docs/sources.md')
  const inCode = `${textIn('src/parsers')}\n${textIn('src/raw')}`
  const pattern =
    /'((?:invalid|too)_\w+|nul_byte|record_too_long|required_cell_empty|quote_in_unquoted_cell|conflicting_duplicate)'/g
  const reasons = new Set([...inCode.matchAll(pattern)].map((match) => match[1]!))
  for (const kind of ['money', 'percent', 'integer', 'flag', 'timestamp']) reasons.add(`invalid_${kind}`)
  for (const kind of ['money', 'percent', 'integer']) reasons.add(`${kind}_out_of_range`)
  expect(reasons.size).toBeGreaterThan(14)
  expect([...reasons].filter((reason) => !text.includes(`\`${reason}\``))).toEqual([])
})
