import { spawnSync } from 'node:child_process'

/** What the notice of a tool that is missing begins with; the end of the run lists these notices. */
export const SKIPPED = 'skipped: tests that need '

/** A plain environment, in which a tool is looked for. */
const env: NodeJS.ProcessEnv = { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC' }

/**
 * Whether the tests that need something can be run here: `test.skipIf(!hasTool('strace', …))`. In CI nothing may
 * be missing, there the file fails that needs it.
 *
 * @param what the tool by its name, or what else is needed
 * @throws Error in CI, if it is missing
 */
export function hasTool(what: string, isThere: boolean): boolean {
  if (isThere) return true
  const isCi = ![undefined, '', '0', 'false'].includes(process.env.CI)
  if (isCi) throw new Error(`${what} is missing, and in CI no test is skipped for want of it: see .ci/run`)
  console.warn(`${SKIPPED}${what}, which does not work here`)
  return false
}

/** The same of a command: it is there if this ends well. */
export function canRun(what: string, command: readonly string[]): boolean {
  return hasTool(what, succeeds(command))
}

/** Whether a command ends well. */
export function succeeds([file, ...args]: readonly string[]): boolean {
  return spawnSync(file!, args, { stdio: 'ignore', env }).status === 0
}
