import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures, problemLike, takingTurns, Workspace } from '../support/workspace.ts'

const folder = join(fixtures, 'bad')

const place = {
  code: z.string(),
  table: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.string().optional(),
}

const caseSchema = z.strictObject({
  about: z.string(),
  /** Further options of `ecomagg process`. */
  args: z.array(z.string()).default([]),
  /** Files of the base that this case does without. */
  remove: z.array(z.string()).default([]),
  /** What no repository can hold, or should not. */
  make: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('fifo'), path: z.string() }),
        z.strictObject({ kind: z.literal('folder'), path: z.string() }),
        z.strictObject({
          kind: z.literal('fill'),
          path: z.string(),
          marker: z.string(),
          text: z.string(),
          times: z.number(),
        }),
      ]),
    )
    .default([]),
  exit: z.number(),
  error: z
    .strictObject({
      ...place,
      /** Texts that the hint must hold. */
      hint: z.array(z.string()).default([]),
      problems: z.array(z.strictObject(place)).optional(),
    })
    .nullable(),
  /** All rejected and conflicting rows; left out where the run fails before it knows them. */
  rejects: z
    .array(
      z.strictObject({
        table: z.string(),
        line: z.number(),
        column: z.string().nullable(),
        reason: z.string(),
        cell: z.string().nullable(),
      }),
    )
    .optional(),
  accounting: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  /** Cells of published tables that show how the input was read. */
  shows: z
    .array(
      z.strictObject({
        file: z.string(),
        where: z.record(z.string(), z.string()),
        cells: z.record(z.string(), z.string()),
      }),
    )
    .default([]),
})
type BadCase = z.infer<typeof caseSchema>

const names = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'case.json')))
  .sort()
const cases = names.map((name) => [name, readCase(name)] as const)

/** Why a run is refused: all that is wrong with input alone. */
const refusals = [
  'utf16',
  'wrong_delimiter',
  'not_regular_file',
  'missing_file',
  'input_problems',
  'both_forms',
  'gzip_broken',
  'header_missing',
  'header_duplicate_column',
  'header_missing_column',
  'header_of_another_table',
  'header_invalid',
  'unclosed_quote',
  'text_after_quote',
  'too_many_rejects',
]

/** Why a row goes to rejects.csv. */
const rejections = [
  'record_too_long',
  'nul_byte',
  'invalid_utf8',
  'quote_in_unquoted_cell',
  'too_few_fields',
  'too_many_fields',
  'required_cell_empty',
  'invalid_timestamp',
  'invalid_money',
  'money_out_of_range',
  'invalid_integer',
  'integer_out_of_range',
  'invalid_quantity',
  'quantity_out_of_range',
  'invalid_percent',
  'percent_out_of_range',
  'invalid_flag',
  'conflicting_duplicate',
]

const inTurn = takingTurns(2)

describe.concurrent('broken and odd inputs', () => {
  test.each(cases)('%s', { timeout: 60_000 }, (name, bad) => inTurn(() => check(name, bad)))
})

test('every refusal and every reason has a case', () => {
  const codes = cases.flatMap(([, { error }]) => [
    error?.code,
    ...(error?.problems ?? []).map((each) => each.code),
  ])
  const reasons = cases.flatMap(([, { rejects }]) => (rejects ?? []).map((row) => row.reason))
  expect(refusals.filter((code) => !codes.includes(code))).toEqual([])
  expect(rejections.filter((reason) => !reasons.includes(reason))).toEqual([])
})

async function check(name: string, bad: BadCase): Promise<void> {
  const workspace = new Workspace({ inProcess: true })
  try {
    compose(workspace, name, bad)
    const run = await workspace.process(bad.args)
    expect(run.exit, run.stderr).toBe(bad.exit)
    expectError(run.record?.error, bad)
    if (bad.rejects !== undefined) {
      const expected = bad.rejects.map((row) => ({
        table: row.table,
        file: existsSync(join(workspace.input, `${row.table}.csv`))
          ? `${row.table}.csv`
          : `${row.table}.csv.gz`,
        line: String(row.line),
        column: row.column ?? '',
        reason: row.reason,
        cell: row.cell ?? '',
      }))
      expect(byPlace(run.rejects)).toEqual(byPlace(expected))
    }
    for (const [table, accounting] of Object.entries(bad.accounting)) {
      const input = run.record?.inputs?.find((each) => each.table === table)
      expect(input?.accounting, table).toMatchObject(accounting)
    }
    expect(run.published).toHaveLength(bad.exit === 0 ? 7 : 0)
    for (const { file, where, cells } of bad.shows) {
      const rows = run.rows(file).filter((row) => Object.keys(where).every((key) => row[key] === where[key]))
      expect(rows, `${file} ${JSON.stringify(where)}`).toEqual([expect.objectContaining(cells)])
    }
  } finally {
    workspace.dispose()
  }
}

function compose(workspace: Workspace, name: string, bad: BadCase): void {
  workspace.copyFrom(join(folder, 'base/raw_data'))
  for (const file of bad.remove) workspace.remove(file)
  workspace.copyFrom(join(folder, name, 'raw_data'))
  for (const made of bad.make) {
    if (made.kind === 'fifo') workspace.makeFifo(made.path)
    else if (made.kind === 'folder') workspace.makeFolder(made.path)
    else workspace.fill(made.path, made.marker, made.text, made.times)
  }
}

type RecordedError = NonNullable<Awaited<ReturnType<Workspace['process']>>['record']>['error']

function expectError(error: RecordedError, bad: BadCase): void {
  if (bad.error === null) {
    expect(error ?? null).toBeNull()
    return
  }
  const { hint, problems, ...asked } = bad.error
  expect(problemLike(error, asked)).toEqual(asked)
  for (const text of hint) expect(error?.hint).toContain(text)
  if (problems === undefined) return
  const found = (error?.problems ?? []).map((each) => problemLike(each, { code: '', table: '', file: '' }))
  expect(found).toHaveLength(problems.length)
  expect(found).toEqual(expect.arrayContaining(problems))
}

function byPlace<T extends { readonly table?: string; readonly line?: string }>(rows: readonly T[]): T[] {
  const place = (row: T) => `${row.table} ${row.line?.padStart(9)}`
  return [...rows].sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

function readCase(name: string): BadCase {
  return caseSchema.parse(JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')))
}
