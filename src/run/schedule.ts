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
 */
export function scheduleLines(scheduler: Scheduler, options: ScheduleOptions): string[] {
  if (scheduler === 'cron') return cronLines(options)
  return scheduler === 'systemd' ? systemdLines(options) : windowsLines(options)
}

function commandOf(options: ScheduleOptions): string[] {
  const { node, program, settingsFile, inputFolder, outputFolder, logFolder, more } = options
  const folders = ['--input', inputFolder, '--output', outputFolder, '--log-dir', logFolder]
  const config = settingsFile === undefined ? [] : ['--config', settingsFile]
  return [node, program, 'process', '--quiet', ...config, ...folders, ...more]
}

/** In a crontab a % ends the command, unless it is escaped. */
function cronLines(options: ScheduleOptions): string[] {
  const command = commandOf(options).map(shellQuoted).join(' ').replaceAll('%', '\\%')
  return [
    '# paste into: crontab -e',
    '# nothing is printed on success, so cron mails only trouble, to the address in a line above such as MAILTO=you@example.com',
    `${options.minute} ${options.hour} * * * ${command}`,
  ]
}

function shellQuoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function systemdLines(options: ScheduleOptions): string[] {
  const time = `${twoDigits(options.hour)}:${twoDigits(options.minute)}:00`
  return [
    '# /etc/systemd/system/ecomagg.service',
    '[Unit]',
    'Description=ecomagg nightly run',
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${commandOf(options).map(systemdQuoted).join(' ')}`,
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

function systemdQuoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
  return /^[\w./:=@%$-]+$/.test(escaped) ? escaped : `"${escaped}"`
}

function windowsLines(options: ScheduleOptions): string[] {
  const command = commandOf(options)
    .map((word) => (/[\s]/.test(word) ? `\\"${word}\\"` : word))
    .join(' ')
  return [
    'REM run once in a command prompt; the last result of the task is the exit code of ecomagg',
    `schtasks /Create /TN "ecomagg" /SC DAILY /ST ${twoDigits(options.hour)}:${twoDigits(options.minute)} /TR "${command}"`,
  ]
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
