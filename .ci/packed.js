// What the smoke tests of all systems have in common: the package as it would be published, the commands that
// are run with it, and what they must give.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The versions that are promised beside the one that runs this. */
export const OTHER_VERSIONS = [22, 24, 26]

/** Longer than any step takes: one that hangs must not hold everything up. */
export const LIMIT_MS = 180_000

/** What the folder of a shop may be called: blanks, and letters of more than one byte. */
const SHOP = 'shop of Zoë 商店'

export function npm(folder, ...args) {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
}

/** Packs what stands in the root, and installs it globally below a prefix in the folder. @returns the prefix */
export function installPacked(root, folder) {
  const prefix = join(folder, 'global prefix ü')
  const [{ filename }] = JSON.parse(npm(folder, 'pack', root, '--json', '--ignore-scripts'))
  npm(folder, 'install', '--global', '--prefix', prefix, join(folder, filename))
  return prefix
}

/** The program of a package that was installed globally by npm on Linux. */
export function mainOf(prefix) {
  return join(prefix, 'lib', 'node_modules', 'ecomagg', 'dist', 'cli', 'main.js')
}

/**
 * Runs all commands in a new folder, and checks how each ends and some of what it says.
 *
 * @param folder a new one for this system, to be made
 * @param start runs ecomagg: (arguments, working folder) → { exit, stdout, stderr }
 * @returns the folder that it worked in, and the hash of each CSV by set and name
 */
export function runAll(folder, start) {
  const home = join(folder, SHOP)
  mkdirSync(home, { recursive: true })
  const ending = (wanted, ...args) => {
    const { exit, stdout, stderr } = start(args, home)
    if (exit !== wanted)
      throw new Error(`ecomagg ${args.join(' ')} ended with ${exit} and not ${wanted}:\n${stdout}${stderr}`)
    return wanted === 0 ? stdout : stderr
  }
  const ecomagg = (...args) => ending(0, ...args)
  const mustSay = (said, wanted) => {
    if (!said.includes(wanted)) throw new Error(`no '${wanted}' in:\n${said}`)
  }
  ecomagg('sample', '--sessions', '300', '--quiet')
  ecomagg('sample', '--sessions', '200', '--days', '3', '--end-date', '2025-04-03', '--seed', '2', '--output', 'next', '--quiet')
  ecomagg('process', '--quiet')
  // Below some size one thread does it all unless it is told otherwise.
  ecomagg('process', '--threads', '2', '--output', 'threads', '--quiet')
  ecomagg('verify', '--quiet')
  const kept = ['--output', 'kept', '--quiet']
  ecomagg('process', '--full', ...kept)
  // Orders of both samples have the same numbers: those of the earlier dates count.
  const next = ['--incremental', '--input', 'next', '--max-reject-rate', '1']
  ecomagg('process', ...next, ...kept)
  ecomagg('verify', '--output', 'kept', '--quiet')
  mustSay(ecomagg('process', ...next, '--output', 'kept'), 'nothing new')
  mustSay(ecomagg('logs'), 'unchanged')
  mustSay(ecomagg('logs', 'show', 'last'), 'kept')
  // A settings file that is a module, with imports of its own.
  ecomagg('init')
  mustSay(ecomagg('config', '--json'), 'timezone')
  ecomagg('process', '--output', 'settings', '--quiet')
  ending(64, 'proces')
  mustSay(ending(66, 'process', '--input', 'nowhere'), 'missing_folder')
  ending(65, 'verify', '--output', 'raw_data')
  writeFileSync(join(home, 'ecomagg.config.ts'), 'export default {}\nconst broken = [[ here')
  mustSay(ending(78, 'config'), 'ecomagg.config.ts, line 2: it cannot be loaded: Unexpected token')
  rmSync(join(home, 'ecomagg.config.ts'))
  const sets = ['aggregated_data', 'threads', 'kept', 'settings']
  return { home, hashes: Object.assign({}, ...sets.map((set) => hashesOf(home, set))) }
}

/** The hash of each CSV of a set by its name. */
export function hashesOf(home, set) {
  const names = readdirSync(join(home, set)).filter((name) => name.endsWith('.csv'))
  if (names.length !== 7) throw new Error(`${names.length} CSVs in ${set}`)
  const hash = (name) => createHash('sha256').update(readFileSync(join(home, set, name))).digest('hex')
  return Object.fromEntries(names.sort().map((name) => [`${set}/${name}`, hash(name)]))
}

/** @throws Error naming the files whose bytes are others */
export function requireSame(who, hashes, first) {
  const names = [...new Set([...Object.keys(hashes), ...Object.keys(first.hashes)])]
  const others = names.filter((name) => hashes[name] !== first.hashes[name])
  if (others.length > 0) throw new Error(`${who} gives other bytes than ${first.version}: ${others.join(', ')}`)
}
