// Installs the package as a user does, and runs it on each Node version that it promises: the same commands
// must end well, and give the same bytes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onLinuxNode } from './linux-node.js'
import { installPacked, npm, OTHER_VERSIONS, requireSame } from './packed.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-smoke-'))

/** The folder of a Node's binary: npm's package `node` brings each. */
function nodeOf(version) {
  const prefix = join(folder, `node-${version}`)
  npm(folder, 'install', '--no-save', '--prefix', prefix, `node@${version}`)
  return join(prefix, 'node_modules', 'node', 'bin')
}

try {
  const prefix = installPacked(root, folder)
  const first = onLinuxNode(folder, dirname(process.execPath), prefix)
  for (const version of OTHER_VERSIONS) {
    const other = onLinuxNode(folder, nodeOf(version), prefix)
    requireSame(`Node ${other.version}`, other.hashes, first)
    console.log(`Node ${other.version}: the bytes of ${first.version}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
