// Builds dist/: every module and its types by tsc, the program bundled by esbuild.
// Bundled, it opens few files at once (cron jobs may have few handles) and starts faster.
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}/dist`, { recursive: true, force: true })
execFileSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts'],
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
  logLevel: 'warning',
})
chmodSync(`${root}/dist/cli/main.js`, 0o755)
