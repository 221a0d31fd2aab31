import type { Config } from './settings.ts'

// What a settings file and its modules may import from 'ecomagg', wherever they are.
export { column, rawColumn } from '../../custom/columns.ts'
export { defineMetric, defineTable } from '../../custom/extensions.ts'
export { distinct, greatest, groupBy, rowCount, smallest, sum } from '../../custom/group-by.ts'
export {
  dateOf,
  divide,
  hourOf,
  lineAmount,
  moneyPer,
  monthOf,
  percentOf,
  weekdayOf,
} from '../../custom/helpers.ts'

/** The settings as they are; an editor knows their names and types. */
export function defineConfig(config: Config): Config {
  return config
}
