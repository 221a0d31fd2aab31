import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { KnownError } from '../lib/errors.ts'
import { fewFiles } from '../lib/files/few-files.ts'
import { EXIT_INTERNAL, exitCodeOf } from './edge/exit-codes.ts'
import { runProgram } from './program.ts'
import { errorLines } from './show/error-lines.ts'
import { terminalOn } from './show/terminal.ts'

// A terminal or pipe that is gone or full must not stop a run: what counts is in the files.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const terminal = terminalOn(process.stdout, process.stderr)

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const interruption = new AbortController()
let received: (typeof SIGNALS)[number] | undefined

/** Ends the process as the signal would have. */
function raise(signal: (typeof SIGNALS)[number]): void {
  for (const name of SIGNALS) process.removeAllListeners(name)
  process.kill(process.pid, signal)
  // Windows ends the process above; elsewhere the signal arrives with the next turn.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 1000)
}

for (const signal of SIGNALS) {
  process.on(signal, () => {
    if (received !== undefined) {
      raise(signal)
      return
    }
    received = signal
    interruption.abort(
      new KnownError('retry', 'interrupted', `interrupted by ${signal}; nothing was published`, {
        hint: 'run it again: the old results are still there',
      }),
    )
  })
}

let exitCode: number
try {
  exitCode = await runProgram(process.argv.slice(2), {
    terminal,
    program: fileURLToPath(import.meta.url.replace(/start(\.[jt]s)$/, 'main$1')),
    workingFolder: process.cwd(),
    environment: process.env,
    signal: interruption.signal,
    now: () => new Date(),
  })
} catch (thrown) {
  const error = fewFiles(thrown) ?? thrown
  terminal.err(...errorLines(error, terminal.paint))
  exitCode = error instanceof KnownError ? exitCodeOf(error.failure) : EXIT_INTERNAL
}
if (received !== undefined && exitCode !== 0) raise(received)
else {
  await Promise.all([drained(process.stdout), drained(process.stderr)])
  // Not by leaving it to the event loop: a signal that comes while Node takes itself apart would turn
  // the exit status of a published run into that of a killed one.
  process.exit(exitCode)
}

/** Once everything written has gone out, or never will. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve()
    for (const event of ['drain', 'error', 'close']) stream.once(event, () => resolve())
  })
}
