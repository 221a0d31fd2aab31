import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Row, Workspace } from './workspace.ts'

const counts = z.record(z.string(), z.record(z.string(), z.number())).default({})

const outcomeShape = {
  about: z.string().min(20),
  args: z.array(z.string()).default([]),
  cells: z
    .array(
      z.strictObject({
        table: z.string(),
        row: z.record(z.string(), z.string()),
        column: z.string(),
        value: z.string(),
      }),
    )
    .default([]),
  absent: z.array(z.strictObject({ table: z.string(), row: z.record(z.string(), z.string()) })).default([]),
  totals: z.record(z.string(), z.string()).default({}),
  accounting: counts,
  filtered_by: counts,
  findings: z.array(z.string()).default([]),
  silent: z.array(z.string()).default([]),
  says: z.record(z.string(), z.array(z.string())).default({}),
  refused: z
    .strictObject({
      exit: z.number(),
      code: z.string(),
      says: z.array(z.string()).min(1),
      unsaid: z.array(z.string()).default([]),
    })
    .optional(),
}
type Outcome = z.infer<z.ZodObject<typeof outcomeShape>>

const expectedSchema = z.strictObject({
  ...outcomeShape,
  also: z
    .array(
      z.strictObject({
        settings: z.record(z.string(), z.unknown()).default({}),
        ...outcomeShape,
      }),
    )
    .default([]),
})

/** What is read of a run record here. */
const recordSchema = z.object({
  totals: z.record(z.string(), z.string()),
  inputs: z.array(
    z.object({
      table: z.string(),
      accounting: z.record(z.string(), z.number()),
      filtered_by: z.record(z.string(), z.number()),
    }),
  ),
  findings: z.array(z.object({ code: z.string(), message: z.string(), advice: z.string().nullish() })),
})

/** What is read of the record of a run that was refused. */
const refusalSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
})

/**
 * Processes the export in a folder (`raw_data/`, with the settings file beside it), and compares what comes out
 * with its `expected.yaml`, which was worked by hand; then with other settings that it names.
 */
export async function checkExport(folder: string): Promise<void> {
  const wanted = expectedSchema.parse(parse(readFileSync(join(folder, 'expected.yaml'), 'utf8')))
  const settings = readdirSync(folder).find((file) => file.startsWith('ecomagg.config.'))
  await checkRun(folder, wanted, (to) => {
    if (settings !== undefined) copyFileSync(join(folder, settings), join(to, settings))
  })
  for (const other of wanted.also) {
    await checkRun(folder, other, (to) =>
      writeFileSync(join(to, 'ecomagg.config.json'), JSON.stringify(other.settings)),
    )
  }
}

/** @param writeSettings puts the settings of the run into a folder */
async function checkRun(
  folder: string,
  wanted: Outcome,
  writeSettings: (folder: string) => void,
): Promise<void> {
  const workspace = new Workspace({ inProcess: true })
  try {
    workspace.copyFrom(join(folder, 'raw_data'))
    writeSettings(workspace.folder)
    await compareRun(workspace, wanted)
  } finally {
    workspace.dispose()
  }
}

/** Processes what a workspace holds, and compares what comes out with the `expected.yaml` of a folder. */
export async function checkProcessed(workspace: Workspace, folder: string): Promise<void> {
  await compareRun(
    workspace,
    expectedSchema.parse(parse(readFileSync(join(folder, 'expected.yaml'), 'utf8'))),
  )
}

async function compareRun(workspace: Workspace, wanted: Outcome): Promise<void> {
  const { exit, stdout, stderr } = await workspace.ecomagg(['process', '--json', ...wanted.args])
  expect(exit, `${wanted.about}: ${stderr}`).toBe(wanted.refused?.exit ?? 0)
  if (wanted.refused === undefined) compareTables(workspace, stdout, wanted)
  else compareRefusal(workspace, stdout, wanted.refused)
}

function compareTables(workspace: Workspace, stdout: string, wanted: Outcome): void {
  const record = recordSchema.parse(JSON.parse(stdout))

  const tables = new Map<string, readonly Row[]>()
  const rowsOf = (table: string) => {
    const rows = tables.get(table) ?? workspace.publishedRows(`${table}.csv`)
    tables.set(table, rows)
    return rows
  }
  const fitting = (table: string, row: Row) =>
    rowsOf(table).filter((one) => Object.entries(row).every(([key, value]) => one[key] === value))
  const found = wanted.cells.map(({ table, row, column }) => {
    const rows = fitting(table, row)
    return { table, row, column, value: rows.length === 1 ? rows[0]![column] : `${rows.length} such rows` }
  })
  expect(found, wanted.about).toEqual(wanted.cells)
  expect(wanted.absent.filter(({ table, row }) => fitting(table, row).length > 0)).toEqual([])
  expect(record.totals).toMatchObject(wanted.totals)
  const inputs = (what: 'accounting' | 'filtered_by') =>
    Object.fromEntries(record.inputs.map((input) => [input.table, input[what]]))
  expect(inputs('accounting')).toMatchObject(wanted.accounting)
  for (const [table, reasons] of Object.entries(wanted.filtered_by))
    expect(inputs('filtered_by')[table], table).toEqual(reasons)
  const codes = record.findings.map(({ code }) => code)
  expect(codes).toEqual(expect.arrayContaining(wanted.findings))
  expect(codes.filter((code) => wanted.silent.includes(code))).toEqual([])
  for (const [code, texts] of Object.entries(wanted.says)) {
    const said = record.findings.filter((one) => one.code === code)
    const all = said.map(({ message, advice }) => `${message}: ${advice}`).join('\n')
    for (const text of texts) expect(all, code).toContain(text)
  }
}

function compareRefusal(
  workspace: Workspace,
  stdout: string,
  { code, says, unsaid }: NonNullable<Outcome['refused']>,
): void {
  const { error } = refusalSchema.parse(JSON.parse(stdout))
  expect(error.code).toBe(code)
  const said = `${error.message}: ${error.hint}`
  for (const text of says) expect(said).toContain(text)
  for (const text of unsaid) expect(said).not.toContain(text)
  expect(readdirSync(workspace.output)).toEqual([])
}
