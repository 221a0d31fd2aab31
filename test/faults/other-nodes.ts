import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cases } from '../support/effort.ts'
import { hasTool, succeeds } from '../support/tools.ts'
import { inShell } from './commands.ts'

const VERSIONS = [20, 22, 24, 26]

/** Other versions of Node than that of these tests, each in a folder of its own. */
export class OtherNodes {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ecomagg-nodes-'))
  static readonly versions = VERSIONS.filter(
    (version) => !process.versions.node.startsWith(`${version}.`),
  ).slice(0, cases(1, VERSIONS.length))

  /**
   * What to start a command of this Node by, so that another version runs it.
   *
   * @returns undefined where that version cannot be had
   * @throws in CI, where a test must not be left out unnoticed
   */
  async by(version: number): Promise<readonly string[] | undefined> {
    const folder = join(this.#folder, String(version))
    mkdirSync(folder)
    const node = join(folder, 'node_modules/node/bin/node')
    const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`]
    const found = await promisify(execFile)('npm', install, { cwd: folder, timeout: 90_000 }).then(
      () => '',
      (error: Error) => error.message,
    )
    const what = `Node ${version} (npm install node@${version}${found === '' ? '' : `: ${found}`})`
    return hasTool(what, found === '' && succeeds([node, '--version']))
      ? inShell(`shift; exec ${node} "$@"`)
      : undefined
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
