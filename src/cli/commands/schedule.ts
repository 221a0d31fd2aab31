import { findSettingsFile } from '../../config/file/find-file.ts'
import { KnownError } from '../../lib/errors.ts'
import { type Scheduler, scheduleLines } from '../../run/schedule/schedule.ts'
import type { CliContext } from '../edge/context.ts'
import { EXIT_OK } from '../edge/exit-codes.ts'
import { badOption } from '../options/bad-option.ts'
import { chosenFolders } from '../options/chosen-folders.ts'

export interface RawScheduleOptions {
  readonly at: string
  readonly cron?: boolean
  readonly systemd?: boolean
  readonly windows?: boolean
  readonly config?: string
  readonly input?: string
  readonly output?: string
  readonly logDir?: string
}

/** `ecomagg schedule`: the entry that starts it every night, ready to paste. @returns the exit code */
export async function scheduleCommand(
  more: readonly string[],
  raw: RawScheduleOptions,
  context: CliContext,
): Promise<number> {
  const { terminal, workingFolder, program } = context
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(raw.at)
  if (time === null)
    throw badOption('--at', `--at: '${raw.at}' is not a time of day`, raw.at, 'HH:MM, such as 01:00')
  const given = { input: raw.input, output: raw.output, logs: raw.logDir }
  const folders = await chosenFolders(given, raw.config, context)
  const lines = scheduleLines(chosen(raw), {
    hour: Number(time[1]),
    minute: Number(time[2]),
    node: process.execPath,
    program,
    settingsFile: findSettingsFile({ workingFolder, file: raw.config }),
    inputFolder: folders.input,
    outputFolder: folders.output,
    logFolder: folders.logs,
    more,
  })
  // As it is, to be pasted; control characters are refused.
  terminal.data(`${lines.join('\n')}\n`)
  return EXIT_OK
}

function chosen(raw: RawScheduleOptions): Scheduler {
  const named = (['cron', 'systemd', 'windows'] as const).filter((scheduler) => raw[scheduler] === true)
  if (named.length > 1) {
    const found = named.map((scheduler) => `--${scheduler}`).join(', ')
    throw new KnownError('usage', 'bad_option', `${found} exclude each other`, {
      found,
      hint: 'choose one of them',
    })
  }
  return named[0] ?? (process.platform === 'win32' ? 'windows' : 'cron')
}
