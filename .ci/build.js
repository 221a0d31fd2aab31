// Builds dist/: the program and the library bundled by esbuild, the types of the library as one file.
// Bundled, they open few files at once (cron jobs may have few handles) and start faster.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
/** Read by the program as one part of it: zod and date-fns are large, and little of them is used. */
const BUNDLED = ['zod', 'date-fns', '@date-fns/utc']

/**
 * All commands as one module. One part for each, with further parts for what some of them share, would be
 * read all at once, and so need more file handles than a cron job may have.
 */
const commandsAsOne = {
  name: 'commands-as-one',
  setup({ onResolve, onLoad }) {
    const folder = `${root}/src/cli/commands`
    onResolve({ filter: /\/commands\/[a-z-]+\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'commands', namespace: 'commands' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'commands' }, () => ({
      contents: readdirSync(folder)
        .map((file) => `export * from './${file}'`)
        .join('\n'),
      resolveDir: folder,
      loader: 'ts',
    }))
  },
}

const usual = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  define: { ECOMAGG_VERSION: JSON.stringify(manifest.version) },
  external: Object.keys(manifest.dependencies).filter((name) => !BUNDLED.includes(name)),
  logLevel: 'warning',
}

/** The program in parts: what a command does not need is not read. */
function program() {
  return build({
    ...usual,
    entryPoints: {
      'cli/start': 'src/cli/start.ts',
      // Threads are started by their files, which stand beside the parts that start them.
      'load-worker': 'src/parsers/threads/load-worker.ts',
      'write-worker': 'src/run/commit/write-worker.ts',
    },
    outdir: 'dist',
    splitting: true,
    plugins: [commandsAsOne],
  })
}

/** What is started: one file, which can still say that the others cannot be opened. */
function entry() {
  const plugins = [
    {
      name: 'program-beside',
      setup({ onResolve }) {
        onResolve({ filter: /^\.\/start\.ts$/ }, () => ({ path: './start.js', external: true }))
      },
    },
  ]
  return build({ ...usual, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli/main.js', plugins })
}

function library() {
  return build({ ...usual, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' })
}

async function types() {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-types-'))
  try {
    const tsc = ['tsc', '-p', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', folder]
    execFileSync('npx', tsc, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    const rolled = await rollup({
      input: join(folder, 'index.d.ts'),
      external: Object.keys(manifest.dependencies),
      plugins: [dts()],
    })
    await rolled.write({ file: join(root, 'dist/index.d.ts'), format: 'es' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

rmSync(`${root}/dist`, { recursive: true, force: true })
await program()
await entry()
await library()
await types()
chmodSync(`${root}/dist/cli/main.js`, 0o755)
