import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { joinSlices, type Slice, SliceWorkspace } from './support/slice-workspace.ts'
import { fixtures, takingTurns } from './support/workspace.ts'

const stepSchema = z.strictObject({
  what: z.string(),
  args: z.array(z.string()),
  /** Of some raw tables. */
  accounting: z.record(z.string(), z.record(z.string(), z.number())).optional(),
  /** The run is refused with this exit code and error code, and changes nothing. */
  exit: z.number().int().positive().optional(),
  code: z.string().optional(),
  /** A file of the output folder that is lost during this step, and put back after it. */
  removeFirst: z.string().optional(),
})
type Step = z.infer<typeof stepSchema>

const caseSchema = z.strictObject({
  about: z.string().min(20),
  steps: z.array(
    stepSchema
      .refine(({ exit, code }) => (exit === undefined) === (code === undefined), 'exit and code go together')
      .refine(
        ({ exit, removeFirst }) => exit !== undefined || removeFirst === undefined,
        'nobody puts it back',
      )
      .refine(
        ({ exit, accounting }) => exit === undefined || accounting === undefined,
        'refused: no accounting',
      ),
  ),
})

const cases = join(fixtures, 'incremental')
const turn = takingTurns(2)

describe.concurrent('slices that change other dates', () => {
  for (const name of readdirSync(cases)) {
    test(name, () => turn(() => check(join(cases, name))))
  }
})

async function check(folder: string): Promise<void> {
  const { steps } = caseSchema.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')))
  const settings = join(folder, 'settings.json')
  const config = existsSync(settings) ? ['--config', settings] : []
  const workspace = new SliceWorkspace()
  try {
    expect(readdirSync(join(folder, 'slices')).sort()).toEqual(steps.map((_, i) => String(i + 1)))
    const added: { tables: Slice; isMerged: boolean }[] = []
    for (const [i, step] of steps.entries()) {
      const number = String(i + 1)
      const slice = join(folder, 'slices', number)
      if (step.exit === undefined) {
        await expectAdded(workspace, slice, config, step)
        added.push({ tables: readSlice(slice), isMerged: step.args.includes('--merge-days') })
      } else await expectRefused(workspace, slice, config, step)
      expectTables(join(folder, 'after', number), workspace.output, `after slice ${number}`)
    }
    expectTables(join(folder, 'aggregated_data'), workspace.output, 'in the end')

    const joined = workspace.slice(joinSlices(added))
    const plain = await workspace.plainRun(joined, [...config, '--max-reject-rate', '1'])
    expect(workspace.results()).toEqual(workspace.results(plain))
    expect(rowsByDate(workspace, workspace.output)).toEqual(rowsByDate(workspace, plain))
    const verified = await workspace.ecomagg([
      'verify',
      '--incremental',
      '--raw',
      joined,
      '--output',
      workspace.output,
      ...config,
    ])
    expect(verified.exit, verified.stderr).toBe(0)
    expect(verified.stdout).toMatch(/^equal: /m)
  } finally {
    workspace.dispose()
  }
}

/** Processes a slice that must be added. */
async function expectAdded(
  workspace: SliceWorkspace,
  slice: string,
  config: readonly string[],
  { what, args, accounting = {} }: Step,
): Promise<void> {
  const run = await workspace.add(slice, ...config, ...args)
  expect(run.exit, `${what}: ${run.stderr}`).toBe(0)
  expect(run.stderr).toBe('')
  for (const [table, expected] of Object.entries(accounting)) {
    const input = run.record.inputs.find((one) => one.table === table)
    expect(input?.accounting, `${table}: ${what}`).toEqual(expected)
  }
}

/** Processes a slice that must be refused, and leave every file as it was. */
async function expectRefused(
  workspace: SliceWorkspace,
  slice: string,
  config: readonly string[],
  { what, args, exit, code, removeFirst }: Step,
): Promise<void> {
  const lost = removeFirst === undefined ? undefined : join(workspace.output, removeFirst)
  const bytes = lost === undefined ? undefined : readFileSync(lost)
  if (lost !== undefined) rmSync(lost)
  const before = workspace.everything()
  const run = await workspace.add(slice, ...config, ...args)
  expect(run.exit, `${what}: ${run.stderr}`).toBe(exit)
  expect(run.record.error?.code, what).toBe(code)
  expect(workspace.everything(), what).toEqual(before)
  if (lost !== undefined && bytes !== undefined) writeFileSync(lost, bytes)
}

/** What the manifest of a folder counts; tables without rows may be left out. */
function rowsByDate(workspace: SliceWorkspace, folder: string): object {
  const counts = Object.entries(workspace.manifest(folder).rows_by_date)
  return Object.fromEntries(counts.filter(([, dates]) => Object.keys(dates).length > 0))
}

/** Expects in each table the rows of the one that is expected; columns that it leaves out do not matter. */
function expectTables(expectedFolder: string, output: string, when: string): void {
  if (!existsSync(expectedFolder)) return
  for (const file of readdirSync(expectedFolder)) {
    const expected = readFileSync(join(expectedFolder, file), 'utf8')
    const columns = expected.slice(0, expected.indexOf('\n')).split(',')
    const [header, ...rows] = parse(readFileSync(join(output, file)), {
      record_delimiter: '\n',
    }) as string[][]
    const places = columns.map((column) => header!.indexOf(column))
    expect(places, `columns of ${file}`).not.toContain(-1)
    const found = [columns, ...rows.map((row) => places.map((place) => row[place]!))]
    expect(found.map((cells) => `${cells.join(',')}\n`).join(''), `${file} ${when}`).toBe(expected)
  }
}

function readSlice(folder: string): Slice {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file.replace(/\.csv$/, ''), readFileSync(join(folder, file), 'utf8')]),
  )
}
