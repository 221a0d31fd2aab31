import { findHashKey } from '../../config/hash-key.ts'
import { rulesOf } from '../../config/schema/settings.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { type VerifyResult, verify } from '../../run/verify/verify.ts'
import { type VerifyFullResult, verifyFull } from '../../run/verify/verify-full.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { badOption } from '../options/bad-option.ts'
import { chosenFolder } from '../options/chosen-folders.ts'
import { effectiveSettings } from '../options/effective-settings.ts'
import { type Paint, tableLines, wrapped } from '../show/terminal.ts'

export interface RawVerifyOptions {
  readonly config?: string
  readonly output?: string
  readonly incremental?: boolean
  readonly raw?: string
  readonly allowMissing?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/**
 * `ecomagg verify`: is the published set whole, and what is in it? With --incremental: is it also what a full
 * run over all raw files gives? @returns the exit code
 */
export async function verifyCommand(raw: RawVerifyOptions, context: CliContext): Promise<number> {
  const { terminal } = context
  if (raw.incremental !== true && (raw.raw !== undefined || raw.allowMissing === true)) {
    const option = raw.raw === undefined ? '--allow-missing' : '--raw'
    throw badOption(option, `${option} goes with --incremental`, 'verify without it', '--incremental')
  }
  const result =
    raw.incremental === true
      ? await verifyIncremental(raw, context)
      : await verify(await chosenFolder('output', raw.output, raw.config, context))
  if (raw.json === true) terminal.json(result)
  else if (raw.quiet !== true) terminal.out(...verifyLines(result, terminal.paint))
  return EXIT_OK
}

/** Settings are read for own tables and hidden filters; what else the set was made with, its manifest says. */
async function verifyIncremental(raw: RawVerifyOptions, context: CliContext): Promise<VerifyFullResult> {
  const { workingFolder, environment, signal } = context
  const { config, output, raw: input, allowMissing } = raw
  const given = {
    ...(config === undefined ? {} : { config }),
    ...(output === undefined ? {} : { output }),
    ...(input === undefined ? {} : { input }),
    ...(allowMissing === undefined ? {} : { allowMissing }),
  }
  const { settings, extensions } = await effectiveSettings(given, workingFolder)
  const rules = rulesOf(settings)
  return verifyFull({
    outputFolder: settings.paths.output,
    rawFolder: settings.paths.input,
    rules,
    extensions,
    hashKey: findHashKey(rules.privacy, environment[rules.privacy.keyVariable]),
    allowMissing: settings.allowMissing,
    signal,
  })
}

function verifyLines(result: VerifyResult | VerifyFullResult, paint: Paint): string[] {
  const [head, ...files] = tableLines(
    [
      ['aggregate table', 'rows', 'bytes'],
      ...result.files.map(({ file, rows, bytes }) => [file, grouped(rows), grouped(bytes)]),
    ],
    ['left', 'right', 'right'],
  )
  return [
    ...result.notices.flatMap((notice) => wrapped(`note: ${notice}`, 100, '')),
    paint.bold(head!),
    ...files,
    '',
    `dates           ${result.first_date === null ? 'none' : `${result.first_date} to ${result.last_date}`}`,
    `revenue         ${paint.bold(grouped(result.total_revenue))}`,
    `orders          ${grouped(result.total_orders)}`,
    `sessions        ${grouped(result.total_sessions)}`,
    `as of           ${result.as_of ?? 'no session or order'}`,
    `control totals  ${paint.good(`all ${result.control_totals.length} hold in the CSVs`)}`,
    ...('raw_folder' in result
      ? [`${paint.good('equal')}: every byte is what a full run over ${result.raw_folder} gives`]
      : []),
    `${paint.good('whole')}: all ${result.files.length} files are those that run ${result.run_id} published`,
  ]
}
