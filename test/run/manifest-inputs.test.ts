import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  CSVS,
  eachWithPruneWorkspace,
  filesOf,
  type PruneWorkspace,
  sha256,
} from '../support/prune-workspace.ts'
import { fixtures } from '../support/workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

describe('the manifest', () => {
  test('names each raw file with the sha256 of its bytes on disk and its accounting', async () => {
    const clicks = gzipSync(workspace.sample.get('click_table.csv')!)
    // Zeros may follow the last member, and belong to the bytes on disk.
    const scrolls = Buffer.concat([
      gzipSync(workspace.sample.get('scroll_table.csv')!),
      Buffer.alloc(3_000_000),
    ])
    workspace.write('click_table.csv.gz', clicks)
    workspace.write('scroll_table.csv.gz', scrolls)
    workspace.remove('click_table.csv')
    workspace.remove('scroll_table.csv')
    workspace.remove('user_table.csv')
    await workspace.processed('--allow-missing')
    const { input_folder, inputs } = workspace.manifest()
    expect(input_folder).toBe(workspace.input)
    const expected = new Map([
      ...workspace.sample,
      ['click_table.csv.gz', clicks],
      ['scroll_table.csv.gz', scrolls],
    ])
    const names = filesOf(workspace.input)
    expect(inputs!.flatMap(({ files }) => files.map(({ file }) => file)).sort()).toEqual(names)
    for (const { table, files } of inputs!) {
      const [{ file, bytes, sha256: found }] = files as [(typeof files)[number]]
      expect([`${table}.csv`, `${table}.csv.gz`]).toContain(file)
      expect([file, bytes, found]).toEqual([file, expected.get(file)!.length, sha256(expected.get(file)!)])
    }
    const [recordFile] = filesOf(workspace.logs).filter((name) => name.endsWith('.json'))
    const record = JSON.parse(readFileSync(join(workspace.logs, recordFile!), 'utf8'))
    const read = record.inputs.flatMap(({ files }: { files: { file: string; sha256: string }[] }) => files)
    expect(read).toHaveLength(names.length)
    for (const { file, sha256: found } of read)
      expect(found).toBe(sha256(readFileSync(join(workspace.input, file))))
  })

  test('holds the accounting that a golden case expects', async () => {
    const folder = join(fixtures, 'cases/duplicates_and_rejects')
    workspace.copyFrom(join(folder, 'raw_data'))
    await workspace.processed('--max-reject-rate', '1')
    const golden = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))
    const found = workspace.manifest().inputs!.map(({ table, accounting }) => [table, accounting])
    expect(Object.fromEntries(found)).toEqual(golden.accounting)
  })

  test('of an older version can still be verified', async () => {
    await workspace.processed()
    workspace.forgetInputs()
    expect(await workspace.ecomagg(['verify', '--quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' })
  })

  test('of version 1, which knew one file a table, proves as much', async () => {
    await workspace.processed()
    const { inputs, ...others } = workspace.manifest()
    const older = inputs!.map(({ files: [only], table, accounting }) => ({ table, accounting, ...only }))
    const text = JSON.stringify({ ...others, schema_version: 1, inputs: older })
    writeFileSync(workspace.published('manifest.json'), text)
    expect(await workspace.ecomagg(['verify', '--quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' })
    workspace.age(31, ...CSVS)
    const pruned = await workspace.pruned('--archive', 'archive', '--dry-run')
    expect([...pruned].map(([file, { action }]) => `${file} ${action}`).sort()).toEqual(
      CSVS.map((file) => `${file} would archive`).sort(),
    )
  })
})
