import { dataDictionary, describeOverview, describeTable } from '../../describe/index.ts'
import type { CliContext } from '../context.ts'
import { EXIT_OK } from '../exit-codes.ts'

export interface RawDescribeOptions {
  readonly markdown?: boolean
}

/** `ecomagg describe`: the data dictionary. @returns the exit code */
export async function describeCommand(
  table: string | undefined,
  raw: RawDescribeOptions,
  { terminal }: CliContext,
): Promise<number> {
  if (raw.markdown === true) terminal.out(dataDictionary(table))
  else terminal.out(`${(table === undefined ? describeOverview() : describeTable(table)).join('\n')}\n`)
  return EXIT_OK
}
