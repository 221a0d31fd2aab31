// Runs the installed package on a Node of this system.
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { LIMIT_MS, runAll } from './packed.js'

/**
 * Runs all commands on the Node of a folder.
 *
 * @param nodeFolder where its binary is
 * @param prefix where the package is installed
 * @returns its version, and what the commands gave
 */
export function onLinuxNode(folder, nodeFolder, prefix) {
  const limits = { encoding: 'utf8', timeout: LIMIT_MS, killSignal: 'SIGKILL' }
  const env = { ...process.env, PATH: [nodeFolder, process.env.PATH].join(delimiter) }
  const start = (args, cwd) => {
    const { status, signal, error, stdout, stderr } = spawnSync(join(prefix, 'bin', 'ecomagg'), args, { ...limits, cwd, env })
    return { exit: status ?? signal ?? error?.code, stdout, stderr }
  }
  const version = spawnSync(join(nodeFolder, 'node'), ['--version'], limits).stdout.trim()
  return { version, ...runAll(join(folder, `shop-${version}`), start) }
}
