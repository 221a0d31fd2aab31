import { EXIT_INTERNAL, exitCodeOf } from '../../src/cli/edge/exit-codes.ts'
import { runProgram } from '../../src/cli/program.ts'
import { errorLines } from '../../src/cli/show/error-lines.ts'
import { terminalOn } from '../../src/cli/show/terminal.ts'
import { KnownError } from '../../src/lib/errors.ts'

/** How a command ended that was done in this process. */
interface Ended {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Does what `ecomagg` does with these arguments, in the process of the test: all but what src/cli/main.ts adds,
 * which is signals, streams that break, and the end of the process. It takes a tenth of the time of a process.
 */
export async function ecomaggHere(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const to = (texts: string[]) => ({ write: (text: string) => void texts.push(text) })
  const terminal = terminalOn(to(stdout), to(stderr), false)
  let exit: number
  try {
    exit = await runProgram(args, {
      terminal,
      program: 'ecomagg',
      workingFolder: cwd,
      environment: env,
      signal: new AbortController().signal,
      now: () => new Date(),
    })
  } catch (error) {
    terminal.err(...errorLines(error, terminal.paint))
    exit = error instanceof KnownError ? exitCodeOf(error.failure) : EXIT_INTERNAL
  }
  return { exit, stdout: stdout.join(''), stderr: stderr.join('') }
}
