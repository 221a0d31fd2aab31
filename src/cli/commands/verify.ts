import { type VerifyResult, verify } from '../../run/verify.ts'
import { chosenFolder } from '../chosen-folders.ts'
import type { CliContext } from '../context.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { grouped, type Paint, tableLines, wrapped } from '../terminal.ts'

export interface RawVerifyOptions {
  readonly config?: string
  readonly output?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `ecomagg verify`: is the published set whole, and what is in it? @returns the exit code */
export async function verifyCommand(raw: RawVerifyOptions, context: CliContext): Promise<number> {
  const { terminal } = context
  const result = await verify(await chosenFolder('output', raw.output, raw.config, context))
  if (raw.json === true) terminal.out(`${JSON.stringify(result, null, 2)}\n`)
  else if (raw.quiet !== true) terminal.out(`${verifyLines(result, terminal.paint).join('\n')}\n`)
  return EXIT_OK
}

function verifyLines(result: VerifyResult, paint: Paint): string[] {
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
    `${paint.good('whole')}: all ${result.files.length} files are those that run ${result.run_id} published`,
  ]
}
