import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { orderShop } from '../../support/order-shop.ts'
import { Workspace } from '../../support/workspace.ts'

let workspace: Workspace
afterEach(() => workspace.dispose())

const recordSchema = z.object({ notices: z.array(z.string()) })

/** The notices of a run over a shop, with more files beside its eight raw tables. */
async function noticesOf(args: readonly string[], files: readonly string[]): Promise<readonly string[]> {
  workspace = new Workspace({ inProcess: true })
  for (const [name, text] of Object.entries(orderShop([{ id: 'o', total: '5' }]))) workspace.write(name, text)
  for (const name of files) workspace.write(name, 'no table at all')
  const { exit, stdout, stderr } = await workspace.ecomagg([...args, '--json'])
  expect(exit, stderr).toBe(0)
  return recordSchema.parse(JSON.parse(stdout)).notices
}

test.each([[['process']], [['check']], [['process', '--full']]])(
  '%j tells once of files that no table needs, and does not read them',
  async (args) => {
    const notices = await noticesOf(args, ['refund_table.csv.gz', 'marketing_spend_table.csv', 'other.csv'])
    expect(notices.filter((text) => text.startsWith('not read'))).toEqual([
      'not read, since no table needs them: marketing_spend_table.csv, refund_table.csv.gz',
    ])
  },
)

test('nothing is told where there is none', async () => {
  expect((await noticesOf(['process'], [])).filter((text) => text.startsWith('not read'))).toEqual([])
})
