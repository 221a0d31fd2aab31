import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT_CODES, exitCodeOf } from '../../../src/cli/edge/exit-codes.ts'
import type { Failure } from '../../../src/lib/errors.ts'
import { fixtures } from '../../support/workspace.ts'

/** The contract with schedulers, as it was agreed: what each kind of failure ends the process with. */
const AGREED: Readonly<Record<Failure, number>> = {
  usage: 64,
  data: 65,
  input: 66,
  internal: 70,
  create: 73,
  io: 74,
  retry: 75,
  config: 78,
}

test.each(Object.entries(AGREED))('%s ends with %i', (failure, code) => {
  expect(exitCodeOf(failure as Failure)).toBe(code)
})

test('each code stands in the help and in docs/trouble.md, and no other', () => {
  const codes = [0, ...Object.values(AGREED)]
  expect(EXIT_CODES.map(([code]) => code)).toEqual(codes)
  const page = readFileSync(join(fixtures, '../docs/trouble.md'), 'utf8')
  const section = page.slice(page.indexOf('## Exit codes'))
  const listed = [...section.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]))
  expect(listed.slice(0, codes.length)).toEqual(codes)
})
