import { readdirSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { dataDictionary, describeOverview, describeTable } from '../../src/describe/index.ts'
import { Workspace } from '../support/workspace.ts'

const workspace = new Workspace()
afterAll(() => workspace.dispose())

test.each([
  [[], () => `${describeOverview().join('\n')}\n`],
  [['order_table'], () => `${describeTable('order_table').join('\n')}\n`],
  [['session_funnel'], () => `${describeTable('session_funnel').join('\n')}\n`],
  [['--markdown'], () => dataDictionary()],
  [['coupon_performance', '--markdown'], () => dataDictionary('coupon_performance')],
])('describe %j', async (args, expected) => {
  const { exit, stdout, stderr } = await workspace.ecomagg(['describe', ...args])
  expect([exit, stderr]).toEqual([0, ''])
  expect(stdout).toBe(expected())
})

test('needs no folders and makes none', async () => {
  await workspace.ecomagg(['describe'])
  expect(
    [workspace.input, workspace.output, workspace.logs].flatMap((folder) => readdirSync(folder)),
  ).toEqual([])
})
