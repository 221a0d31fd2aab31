import { effectiveList } from '../../config/effective.ts'
import { pathText } from '../../config/problems/problem.ts'
import { jsonSchemaText } from '../../config/schema/json-schema.ts'
import { type Values, withValue } from '../../config/schema/values.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { effectiveSettings } from '../options/effective-settings.ts'
import type { RawRunOptions } from '../options/option-list.ts'
import { tableLines } from '../show/terminal.ts'

export interface RawConfigOptions extends RawRunOptions {
  readonly jsonSchema?: boolean
}

/** Settings of single raw tables; where they are the defaults, they would only fill the screen. */
const PER_TABLE = 'rawTables'

/** A value that is longer is cut on the terminal; --json has it whole. */
const WIDEST = 72

/** `ecomagg config`: the settings in effect, and where each comes from. @returns the exit code */
export async function configCommand(raw: RawConfigOptions, context: CliContext): Promise<number> {
  const { terminal, workingFolder } = context
  if (raw.jsonSchema === true) {
    terminal.data(jsonSchemaText())
    return EXIT_OK
  }
  const effective = await effectiveSettings(raw, workingFolder)
  const list = effectiveList(effective, effective.overrides)
  if (raw.json === true) {
    const settings = list.reduce<Values>((all, { path, value }) => withValue(all, path, value), {})
    const sources = Object.fromEntries(list.map(({ path, source }) => [pathText(path), source]))
    terminal.json({ settings, sources })
    return EXIT_OK
  }
  const shown = list.filter(({ path, source }) => !(path[0] === PER_TABLE && source === 'default'))
  const rows = shown.map(({ path, value, source }) => [
    pathText(path),
    value === null ? 'not set' : cut(JSON.stringify(value)),
    source,
  ])
  if (shown.length < list.length) rows.push([`${PER_TABLE}.*`, 'as for all tables', 'default'])
  const [head, ...lines] = tableLines([['setting', 'value', 'from'], ...rows], ['left', 'left', 'left'])
  terminal.out(terminal.paint.bold(head!), ...lines)
  return EXIT_OK
}

function cut(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`
}
