import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { fileLabel } from '../../config/problems/problem.ts'
import { KnownError } from '../../lib/errors.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { parseDay } from '../../lib/times/wall-clock.ts'
import { rawTables } from '../../raw/index.ts'
import { writeSample } from '../../sample/index.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { badOption, throwIfAny, wholeOption } from '../options/bad-option.ts'
import { chosenFolder } from '../options/chosen-folders.ts'
import { sizeText, tableLines } from '../show/terminal.ts'

export interface RawSampleOptions {
  readonly config?: string
  readonly output?: string
  readonly seed: string
  readonly sessions: string
  readonly days: string
  readonly endDate: string
  readonly traps?: boolean
  readonly ifEmpty?: boolean
  readonly force?: boolean
  readonly quiet?: boolean
}

/** `ecomagg sample`: writes sample data into the raw folder. @returns the exit code */
export async function sampleCommand(raw: RawSampleOptions, context: CliContext): Promise<number> {
  const { terminal } = context
  const problems: KnownError[] = []
  const given = {
    seed: wholeOption('--seed', raw.seed, 0, 2 ** 32 - 1, problems),
    sessions: wholeOption('--sessions', raw.sessions, 1, 100_000_000, problems),
    days: wholeOption('--days', raw.days, 1, 3660, problems),
    endDate: raw.endDate,
    traps: raw.traps === true,
  }
  if (parseDay(raw.endDate) === undefined) {
    problems.push(
      badOption('--end-date', `--end-date: '${raw.endDate}' is not a date`, raw.endDate, 'YYYY-MM-DD'),
    )
  }
  throwIfAny(problems)
  const options = { ...given, folder: await chosenFolder('input', raw.output, raw.config, context) }
  const present = existingTables(options.folder)
  if (present.length > 0 && raw.force !== true) {
    if (raw.ifEmpty === true) {
      if (raw.quiet !== true)
        terminal.out(
          `${fileLabel(options.folder, context.workingFolder)} already holds raw tables: no sample data written`,
        )
      return EXIT_OK
    }
    throw new KnownError('create', 'not_empty', `${options.folder} already holds ${present.join(', ')}`, {
      file: options.folder,
      found: present.join(', '),
      allowed: 'a folder without raw tables',
      hint: 'choose another folder with --output, or overwrite them with --force',
    })
  }
  const result = await writeSample({ ...options, signal: context.signal })
  if (raw.quiet === true) return EXIT_OK
  const rows = result.files.map(({ name, rows: count, bytes }) => [name, grouped(count), sizeText(bytes)])
  const [head, ...lines] = tableLines([['raw table', 'rows', 'size'], ...rows], ['left', 'right', 'right'])
  const end = `sample data written to ${options.folder} (seed ${options.seed})`
  terminal.out(terminal.paint.bold(head!), ...lines, end)
  if (result.expected !== undefined) terminal.out(`true totals and row accounting: ${result.expected}`)
  return EXIT_OK
}

function existingTables(folder: string): string[] {
  return Object.keys(rawTables)
    .flatMap((table) => [`${table}.csv`, `${table}.csv.gz`])
    .filter((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined)
}
