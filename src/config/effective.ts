import type { RawTableName } from '../raw/index.ts'
import { checkoutViewRules } from '../rules/funnel.ts'
import { presetNamed } from '../sources/presets/index.ts'
import type { Override } from './cross-checks.ts'
import type { LoadedSettings } from './read-settings.ts'
import { leafPaths } from './schema/schema-keys.ts'
import { settingsSchema } from './schema/settings.ts'
import { valueAt } from './schema/values.ts'

/** One setting that is in effect, and where it comes from. */
export interface EffectiveSetting {
  readonly path: readonly string[]
  /** null if it is not set. */
  readonly value: unknown
  /** `default`, `ecomagg.config.yaml, line 7`, `modules`, `preset matomo` or `option --timezone`. */
  readonly source: string
}

/** Every setting of a run, in the order of the schema. */
export function effectiveList(loaded: LoadedSettings, overrides: readonly Override[]): EffectiveSetting[] {
  const { funnel, ...others } = loaded.settings
  // Its default is no part of the schema, which must tell whether the shop has set it.
  const settings = { ...others, funnel: { ...funnel, checkoutView: checkoutViewRules(funnel) } }
  return leafPaths(settingsSchema)
    .filter(([name]) => name !== '$schema')
    .map((path) => ({
      path,
      value: shown(valueAt(settings, path)),
      source: sourceOf(path, loaded, overrides),
    }))
}

function sourceOf(
  path: readonly string[],
  { settings, given, placeOf }: LoadedSettings,
  overrides: readonly Override[],
): string {
  const override = overrides.find((one) => one.path.join('.') === path.join('.'))
  if (override !== undefined) return `option ${override.option}`
  if (valueAt(given, path) !== undefined) return placeOf(path)
  const [group = '', table = ''] = path
  const preset = valueAt(given, [group, table, 'preset'])
  if (valueAt(presetNamed(preset)?.tables[table as RawTableName], path.slice(2)) !== undefined)
    return `preset ${preset}`
  // What only modules declare.
  return ['extraColumns', 'metrics', 'tables'].includes(path[0]!) && valueAt(settings, path) !== undefined
    ? 'modules'
    : 'default'
}

/** What of a value can be written: functions of columns and tables by their name alone. */
function shown(value: unknown, around: readonly unknown[] = []): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'function') return '(function)'
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object') return value
  if (around.includes(value)) return '(itself)'
  const inside = [...around, value]
  if (Array.isArray(value)) return value.map((one) => shown(one, inside))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one, inside)]))
}
