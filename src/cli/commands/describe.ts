import { rulesOf } from '../../config/schema/settings.ts'
import { contractOf } from '../../custom/contract.ts'
import { dataDictionary, describeOverview, describeTable } from '../../describe/index.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { effectiveSettings } from '../options/effective-settings.ts'
import { linesOf } from '../show/terminal.ts'

export interface RawDescribeOptions {
  readonly config?: string
  readonly markdown?: boolean
}

/** `ecomagg describe`: the data dictionary. @returns the exit code */
export async function describeCommand(
  table: string | undefined,
  raw: RawDescribeOptions,
  { terminal, workingFolder }: CliContext,
): Promise<number> {
  const { settings, extensions } = await effectiveSettings({ config: raw.config }, workingFolder)
  const contract = contractOf(rulesOf(settings), extensions)
  if (raw.markdown === true) terminal.out(...linesOf(dataDictionary(table, contract)))
  else {
    const lines = table === undefined ? describeOverview(contract) : describeTable(table, contract)
    terminal.out(...lines)
  }
  return EXIT_OK
}
