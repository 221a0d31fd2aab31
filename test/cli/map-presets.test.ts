import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { checkProcessed } from '../support/worked-exports.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

/** Has `ecomagg map` write settings for the export of a system, as a shop without any would. */
async function mapped(workspace: Workspace, preset: string) {
  workspace.copyFrom(join(fixtures, 'sources', preset, 'raw_data'))
  const files = readdirSync(workspace.input).map((file) => `raw_data/${file}`)
  const { exit, stdout, stderr } = await workspace.ecomagg(['map', '--write', ...files])
  expect(exit, stderr).toBe(0)
  return { stdout, written: parse(readFileSync(join(workspace.folder, 'ecomagg.config.yaml'), 'utf8')) }
}

test.each(['shopify_orders', 'woocommerce_orders'])(
  'the export of %s is known, and its numbers are right once the shop has answered what is asked',
  async (preset) => {
    const workspace = new Workspace({ inProcess: true })
    try {
      const { stdout, written } = await mapped(workspace, preset)
      expect(stdout).toContain(preset)
      const folder = join(fixtures, 'sources', preset)
      const worked = parse(readFileSync(join(folder, 'ecomagg.config.yaml'), 'utf8'))
      expect(written.allowMissing).toBe(true)
      expect(Object.keys(written.rawTables)).toEqual(Object.keys(worked.rawTables))
      for (const { column } of worked.filters.columns) expect(stdout).toContain(column)
      const answered = { ...worked, rawTables: written.rawTables }
      writeFileSync(join(workspace.folder, 'ecomagg.config.yaml'), stringify(answered))
      await checkProcessed(workspace, folder)
    } finally {
      workspace.dispose()
    }
  },
)

test.each(['google_ads', 'meta_ads', 'microsoft_ads'])('a cost report of %s is known', async (preset) => {
  const workspace = new Workspace({ inProcess: true })
  try {
    const { written } = await mapped(workspace, preset)
    expect(written.rawTables.marketing_spend_table.preset).toBe(preset)
    const { exit, stderr } = await workspace.ecomagg(['process'])
    expect(exit, stderr).toBe(0)
  } finally {
    workspace.dispose()
  }
})

test('a run without settings names the preset of a file that lies there', async () => {
  const workspace = new Workspace({ inProcess: true })
  try {
    workspace.copyFrom(join(fixtures, 'sources/shopify_orders/raw_data'))
    const { exit, stderr } = await workspace.ecomagg(['process'])
    expect(exit).toBe(66)
    expect(stderr).toContain('ecomagg init --preset shopify_orders')
  } finally {
    workspace.dispose()
  }
})
