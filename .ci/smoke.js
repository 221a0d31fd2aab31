// Installs the package as a user does, and runs it on each Node version that it promises: the same commands
// must end well, and give the same bytes.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Beside the one that runs this: npm's package `node` brings each. */
const OTHER_VERSIONS = [22, 24, 26]

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-smoke-'))

function npm(...args) {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, encoding: 'utf8' })
}

/** The package as it would be published, installed globally below a prefix. @returns the prefix */
function installed() {
  const [{ filename }] = JSON.parse(npm('pack', root, '--json', '--ignore-scripts'))
  npm('install', '--global', '--prefix', join(folder, 'global'), join(folder, filename))
  return join(folder, 'global')
}

/** The folder of a Node's binary. */
function nodeOf(version) {
  const prefix = join(folder, `node-${version}`)
  npm('install', '--no-save', '--prefix', prefix, `node@${version}`)
  return join(prefix, 'node_modules', 'node', 'bin')
}

/** Runs all commands on the Node of a folder. @returns the hash of each result by its name */
function results(nodeFolder, prefix) {
  const version = execFileSync(join(nodeFolder, 'node'), ['--version'], { encoding: 'utf8' }).trim()
  const home = join(folder, `shop-${version}`)
  mkdirSync(home)
  const ecomagg = (...args) =>
    execFileSync(join(prefix, 'bin', 'ecomagg'), args, {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, PATH: [nodeFolder, process.env.PATH].join(delimiter) },
    })
  ecomagg('sample', '--sessions', '300', '--quiet')
  ecomagg('sample', '--sessions', '200', '--days', '3', '--end-date', '2025-04-03', '--seed', '2', '--output', 'next', '--quiet')
  ecomagg('process', '--quiet')
  ecomagg('verify', '--quiet')
  const kept = ['--output', 'kept', '--quiet']
  ecomagg('process', '--full', ...kept)
  // Orders of both samples have the same numbers: those of the earlier dates count.
  const next = ['--incremental', '--input', 'next', '--max-reject-rate', '1']
  ecomagg('process', ...next, ...kept)
  ecomagg('verify', '--output', 'kept', '--quiet')
  const again = ecomagg('process', ...next, '--output', 'kept')
  if (!again.includes('nothing new')) throw new Error(`Node ${version}: the same slice again said ${again}`)
  if (!ecomagg('logs').includes('unchanged')) throw new Error(`Node ${version}: logs lists no unchanged run`)
  const hashes = ['aggregated_data', 'kept'].flatMap((set) =>
    readdirSync(join(home, set))
      .filter((name) => name.endsWith('.csv'))
      .map((name) => [`${set}/${name}`, createHash('sha256').update(readFileSync(join(home, set, name))).digest('hex')]),
  )
  return { version, hashes: JSON.stringify(hashes) }
}

try {
  const prefix = installed()
  const first = results(dirname(process.execPath), prefix)
  for (const version of OTHER_VERSIONS) {
    const other = results(nodeOf(version), prefix)
    if (other.hashes !== first.hashes)
      throw new Error(`Node ${other.version} gives other bytes than ${first.version}:\n${other.hashes}\n${first.hashes}`)
    console.log(`Node ${other.version}: the bytes of ${first.version}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
