import { defineConfig, mergeConfig } from 'vitest/config'
import { SkippedReporter } from './support/skipped-reporter.ts'
import usual from './vitest.config.ts'

/** The tests that try more cases if there is time. */
const LONG = [
  'test/conformance/lanes.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/parsers/cells.test.ts',
  'test/parsers/threads/piece-threads.test.ts',
  'test/properties/filters.test.ts',
  'test/properties/hashed-ids.test.ts',
  'test/properties/hostile-deliveries.test.ts',
  'test/properties/incremental.test.ts',
  'test/properties/laws.test.ts',
  'test/properties/mapped-exports.test.ts',
  'test/properties/mapped-laws.test.ts',
  'test/properties/mapped-threads.test.ts',
  'test/run/commit/write-in-thread.test.ts',
  'test/run/lock/contention.test.ts',
  'test/run/prune-raw-cut-short.test.ts',
  'test/sample/traps.test.ts',
  'test/faults/damaged-history.test.ts',
  'test/faults/few-files.test.ts',
  'test/faults/full-disk.test.ts',
  'test/faults/incremental-io-errors.test.ts',
  'test/faults/incremental-kills.test.ts',
  'test/faults/inputs.test.ts',
  'test/faults/io-errors.test.ts',
  'test/faults/kill-points.test.ts',
  'test/faults/lock.test.ts',
  'test/faults/memory.test.ts',
  'test/faults/paths.test.ts',
  'test/faults/signals.test.ts',
  'test/faults/streams.test.ts',
]

const thorough = mergeConfig(usual, defineConfig({ test: { env: { THOROUGH: '1' } } }))
thorough.test.include = LONG
thorough.test.reporters = [
  'default',
  ['json', { outputFile: '.vitest/thorough.json' }],
  new SkippedReporter(),
]
export default thorough
