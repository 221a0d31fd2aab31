import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SkippedReporter } from './support/skipped-reporter.ts'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // A file that changes what others see (a time zone of the machine) puts it back.
    isolate: false,
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }], new SkippedReporter()],
  },
})
