import { join } from 'node:path'
import { expect, test } from 'vitest'
import { peakMemoryBytes } from '../../src/lib/peak-memory.ts'
import { recordSchema } from '../../src/run/logs/record.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

test('grows with what the process holds', () => {
  const held = Buffer.alloc(300e6, 1)
  expect(peakMemoryBytes()).toBeGreaterThan(held.length)
})

test.runIf(process.platform === 'linux')(
  'does not begin with the size of the process that started it',
  async () => {
    const held = Buffer.alloc(600e6, 1)
    const workspace = new Workspace()
    workspace.copyFrom(join(fixtures, 'bad/base/raw_data'))
    const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
    const { stdout } = await workspace.ecomagg(['process', '--json', ...folders])
    workspace.dispose()
    expect(recordSchema.parse(JSON.parse(stdout)).peak_memory_bytes).toBeLessThan(held.length / 2)
  },
)
