import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures, takingTurns, Workspace } from './support/workspace.ts'

const caseSchema = z.strictObject({
  about: z.string().min(20),
  source: z.string(),
  args: z.array(z.string()),
  /** What the settings file of the shop says. */
  settings: z.record(z.string(), z.unknown()).optional(),
  accounting: z.record(z.string(), z.record(z.string(), z.number())),
  findings: z.array(z.string()),
})

const cases = join(fixtures, 'cases')
const turn = takingTurns(2)

describe.concurrent('golden cases', () => {
  for (const name of readdirSync(cases)) {
    test(name, () => turn(() => check(name)))
  }
})

async function check(name: string): Promise<void> {
  const folder = join(cases, name)
  const golden = caseSchema.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')))
  const workspace = new Workspace()
  try {
    workspace.copyFrom(join(folder, 'raw_data'))
    if (golden.settings !== undefined)
      writeFileSync(join(workspace.folder, 'ecomagg.config.json'), JSON.stringify(golden.settings))
    const run = await workspace.process(golden.args)
    expect(run.exit, run.stderr).toBe(0)
    expect(run.stderr).toBe('')
    const differing = readdirSync(join(folder, 'aggregated_data'))
      .filter((file) => file.endsWith('.csv') && !file.endsWith('.actual.csv'))
      .filter((file) => !isEqual(join(folder, 'aggregated_data', file), join(workspace.output, file)))
    expect(differing, 'what came out is beside the expected files as *.actual.csv').toEqual([])
    const expected = readdirSync(join(folder, 'aggregated_data')).filter(
      (file) => !file.endsWith('.actual.csv'),
    )
    expect([...run.published].sort()).toEqual(expected.sort())
    const accounting = Object.fromEntries(run.record!.inputs!.map((input) => [input.table, input.accounting]))
    expect(accounting).toEqual(golden.accounting)
    expect(run.record!.findings.map(({ code }) => code).sort()).toEqual(golden.findings)
  } finally {
    workspace.dispose()
  }
}

/** Whether two files have the same bytes; if not, the actual one is written beside the expected one. */
function isEqual(expected: string, actual: string): boolean {
  const beside = expected.replace(/\.csv$/, '.actual.csv')
  if (existsSync(actual) && readFileSync(expected).equals(readFileSync(actual))) {
    rmSync(beside, { force: true })
    return true
  }
  if (existsSync(actual)) writeFileSync(beside, readFileSync(actual))
  return false
}
