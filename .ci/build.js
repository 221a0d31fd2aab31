// Builds dist/: every module and its types by tsc, the program bundled by esbuild.
// Bundled, it opens few files at once (cron jobs may have few handles) and starts faster.
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}/dist`, { recursive: true, force: true })
execFileSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })

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

await build({
  absWorkingDir: root,
  // Threads that read and write tables are started by their files, which must stand beside the program.
  entryPoints: ['src/cli/main.ts', 'src/cli/load-worker.ts', 'src/cli/write-worker.ts'],
  outdir: 'dist/cli',
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [
    'commander',
    'csv-parse',
    'csv-stringify',
    'fastest-levenshtein',
    'jiti',
    'lilconfig',
    'picocolors',
    'picomatch',
    'pino',
    'yaml',
  ],
  plugins: [commandsAsOne],
  logLevel: 'warning',
})
chmodSync(`${root}/dist/cli/main.js`, 0o755)
