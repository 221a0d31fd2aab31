import type { Terminal } from '../show/terminal.ts'

/** What a command gets from the outside. */
export interface CliContext {
  readonly terminal: Terminal
  /** The absolute path of the program itself. */
  readonly program: string
  /** The folder that relative paths start from. */
  readonly workingFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal
  readonly now: () => Date
}
