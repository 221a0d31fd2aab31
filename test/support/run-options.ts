import type { RunOptions } from '../../src/config/run-options.ts'

/** A run as it is without any option; folders and rules are still to be given. */
export const usualOptions = {
  command: 'process',
  since: undefined,
  until: undefined,
  asOf: undefined,
  allowMissing: false,
  strict: false,
  escapeFormulas: true,
  bom: false,
  showValues: false,
  keepRuns: 90,
  signal: undefined,
  onProgress: () => {},
  onPhase: () => {},
} as const satisfies Partial<RunOptions>
