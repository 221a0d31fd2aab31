import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkExport } from './support/worked-exports.ts'
import { fixtures, takingTurns } from './support/workspace.ts'

const cases = join(fixtures, 'real-world')
const turn = takingTurns(2)

describe.concurrent('real exports, with the settings that a user writes for them', () => {
  for (const name of readdirSync(cases)) {
    test(name, () => turn(() => checkExport(join(cases, name))))
  }
})

test('every folder is whole', () => {
  for (const name of readdirSync(cases))
    for (const file of ['raw_data', 'expected.yaml'])
      expect(existsSync(join(cases, name, file)), `${name}/${file}`).toBe(true)
})
