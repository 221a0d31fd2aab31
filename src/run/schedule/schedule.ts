import {
  cronQuoted,
  refuseControls,
  systemdProgram,
  systemdQuoted,
  type Word,
  windowsQuoted,
} from './schedule-words.ts'

/** What a scheduler needs to know to start ecomagg every night. */
export interface ScheduleOptions {
  /** Hour and minute of the day, on the machine's clock. */
  readonly hour: number
  readonly minute: number
  /** Absolute paths of Node, of the program, of the settings file if there is one, and of the folders. */
  readonly node: string
  readonly program: string
  readonly settingsFile?: string | undefined
  readonly inputFolder: string
  readonly outputFolder: string
  readonly logFolder: string
  /** Further options of process, such as --timezone Europe/Berlin. */
  readonly more: readonly string[]
}

export type Scheduler = 'cron' | 'systemd' | 'windows'

/**
 * The ready entry for a scheduler: absolute paths, nothing on success, the exit status left to the caller.
 * Two runs that meet do no harm: the second is refused with exit code 75.
 *
 * @returns lines to paste, with comments on where
 * @throws KnownError bad_option (usage) if a path or option cannot stand in an entry
 */
export function scheduleLines(scheduler: Scheduler, options: ScheduleOptions): string[] {
  const command = commandOf(options)
  refuseControls(command)
  if (scheduler === 'cron') return cronLines(options, command)
  return scheduler === 'systemd' ? systemdLines(options, command) : windowsLines(options, command)
}

function commandOf(options: ScheduleOptions): Word[] {
  const { node, program, settingsFile, inputFolder, outputFolder, logFolder, more } = options
  const withValue = (option: string, text: string): Word[] => [
    { text: option, option },
    { text, option },
  ]
  return [
    { text: node, option: 'the path of Node' },
    { text: program, option: 'the path of ecomagg' },
    { text: 'process', option: 'process' },
    { text: '--quiet', option: '--quiet' },
    ...(settingsFile === undefined ? [] : withValue('--config', settingsFile)),
    ...withValue('--input', inputFolder),
    ...withValue('--output', outputFolder),
    ...withValue('--log-dir', logFolder),
    ...more.map((text, i) => ({ text, option: optionOf(more, i) })),
  ]
}

/** The option that a further word belongs to: the last name before it. */
function optionOf(more: readonly string[], at: number): string {
  const names = more.slice(0, at + 1).flatMap((word) => /^--?[a-z-]+(?==|$)/.exec(word) ?? [])
  return names.at(-1) ?? 'the options after --'
}

function cronLines({ hour, minute }: ScheduleOptions, command: readonly Word[]): string[] {
  return [
    '# paste into: crontab -e',
    '# nothing is printed on success, so cron mails only trouble, to the address in a line above such as MAILTO=you@example.com',
    `${minute} ${hour} * * * ${command.map(cronQuoted).join(' ')}`,
  ]
}

function systemdLines(options: ScheduleOptions, [program, ...words]: readonly Word[]): string[] {
  const time = `${twoDigits(options.hour)}:${twoDigits(options.minute)}:00`
  return [
    '# /etc/systemd/system/ecomagg.service',
    '[Unit]',
    'Description=ecomagg nightly run',
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${[systemdProgram(program!), ...words.map(systemdQuoted)].join(' ')}`,
    '',
    '# /etc/systemd/system/ecomagg.timer',
    '[Unit]',
    'Description=starts ecomagg every night',
    '',
    '[Timer]',
    `OnCalendar=*-*-* ${time}`,
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
    '# then: systemctl daemon-reload && systemctl enable --now ecomagg.timer',
  ]
}

function windowsLines(options: ScheduleOptions, command: readonly Word[]): string[] {
  const time = `${twoDigits(options.hour)}:${twoDigits(options.minute)}`
  return [
    'REM run once in a command prompt; the last result of the task is the exit code of ecomagg',
    `schtasks /Create /TN "ecomagg" /SC DAILY /ST ${time} /TR ${windowsQuoted(command)}`,
  ]
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
