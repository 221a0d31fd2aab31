import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canRun } from '../support/tools.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The built binary. */
export const main = join(root, 'dist/cli/main.js')

/** How a process ended. */
export interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | string
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd: string
  /** The whole environment; a plain one if left out. */
  readonly env?: NodeJS.ProcessEnv
  /** What the command is started by: a tool and its own arguments. */
  readonly by?: readonly string[]
  readonly nodeFlags?: readonly string[]
  /** Another program in the place of the built binary. */
  readonly program?: string
}

export interface Started {
  readonly child: ChildProcess
  readonly pid: number
  readonly ended: Promise<Ended>
}

export const plainEnv: NodeJS.ProcessEnv = { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC' }

const LONGEST_MS = 100_000

/** Starts `ecomagg` with these arguments; whatever comes of it, it is gone after a while. */
export function start(args: readonly string[], options: CommandOptions): Started {
  return startCommand([...(options.by ?? []), ...ecomagg(args, options.nodeFlags, options.program)], options)
}

/** Runs `ecomagg` with these arguments to its end. */
export function run(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return start(args, options).ended
}

/** The command line of `ecomagg` with these arguments. */
export function ecomagg(
  args: readonly string[],
  nodeFlags: readonly string[] = [],
  program: string = main,
): string[] {
  return [process.execPath, ...nodeFlags, program, ...args]
}

/** A command line that runs another within a shell, after some words of that shell. */
export function inShell(script: string): string[] {
  return ['bash', '-c', `${script}`, 'bash']
}

function startCommand(command: readonly string[], { cwd, env = plainEnv }: CommandOptions): Started {
  const [file, ...args] = command as [string, ...string[]]
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (data: Buffer) => stdout.push(data))
  child.stderr.on('data', (data: Buffer) => stderr.push(data))
  const timer = setTimeout(() => killGroup(child), LONGEST_MS)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({
        exit: code ?? signal ?? 'not started',
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      })
    })
  })
  return { child, pid: child.pid ?? 0, ended }
}

/** Ends a process and all that it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

export const isRoot = process.getuid?.() === 0

/** What to start a command by so that permissions bind it; undefined where that cannot be had. */
export function plainUser(): readonly string[] | undefined {
  if (process.platform === 'win32') return undefined
  if (!isRoot) return []
  const by = ['setpriv', '--reuid', String(PLAIN_USER), '--regid', String(PLAIN_USER), '--clear-groups']
  return canRun('a user without rights (setpriv)', [...by, ...ecomagg(['--version'])]) ? by : undefined
}

/** The number of the user that `plainUser` makes a command run as, if the tests run as root. */
export const PLAIN_USER = 65534

/** Waits until something is so, looking often; it is the test's own precondition, never what it proves. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Does a task for each item, so many at a time. */
export async function eachOf<T>(places: number, items: Iterable<T>, task: (item: T) => Promise<void>) {
  const rest = items[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: places }, async () => {
      for (let next = rest.next(); next.done !== true; next = rest.next()) await task(next.value)
    }),
  )
}
