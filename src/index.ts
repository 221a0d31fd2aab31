export { aggregateTables } from './aggregators/index.ts'
export type { GivenOptions } from './config/complete-options.ts'
export type { RunOptions } from './config/run-options.ts'
export {
  column,
  dateOf,
  defineConfig,
  defineMetric,
  defineTable,
  distinct,
  divide,
  greatest,
  groupBy,
  hourOf,
  lineAmount,
  moneyPer,
  monthOf,
  percentOf,
  rawColumn,
  rowCount,
  smallest,
  sum,
  weekdayOf,
} from './config/schema/api.ts'
export type { Config } from './config/schema/settings.ts'
export { readExtensions } from './custom/declare.ts'
export type { Extensions } from './custom/extensions.ts'
export { KnownError } from './lib/errors.ts'
export { optionalRawTables, rawTables } from './raw/index.ts'
export { defaultRules, type Rules, rulesSchema } from './rules/rules.ts'
export { type ListedRun, listRuns } from './run/logs/list-runs.ts'
export { type RunRecord, recordSchema } from './run/logs/record.ts'
export type { RunResult } from './run/process.ts'
export { runOnce } from './run/run-once.ts'
