import { resolve } from 'node:path'
import type { Override } from '../../config/cross-checks.ts'
import type { ConfigProblem } from '../../config/problems/problem.ts'
import { settingsSchema } from '../../config/schema/settings.ts'
import { type Values, valueAt, withValue } from '../../config/schema/values.ts'
import type { KnownError } from '../../lib/errors.ts'
import { badOption, wholeOption } from './bad-option.ts'
import type { RawRunOptions } from './option-list.ts'

interface OptionSetting {
  readonly option: string
  readonly path: readonly string[]
  /** What the option takes, where it is wrong. */
  readonly allowed: string
  readonly kind?: 'folder' | 'number'
}

/** More than there are raw tables is of no use. */
const MOST_THREADS = 64

/** The options that stand for a setting, by their name in commander. */
const OPTION_SETTINGS: { readonly [O in keyof RawRunOptions]?: OptionSetting } = {
  input: { option: '--input', path: ['paths', 'input'], allowed: 'a folder', kind: 'folder' },
  output: { option: '--output', path: ['paths', 'output'], allowed: 'a folder', kind: 'folder' },
  logDir: { option: '--log-dir', path: ['paths', 'logs'], allowed: 'a folder', kind: 'folder' },
  since: { option: '--since', path: ['since'], allowed: 'a date: YYYY-MM-DD' },
  until: { option: '--until', path: ['until'], allowed: 'a date: YYYY-MM-DD' },
  asOf: { option: '--as-of', path: ['asOf'], allowed: 'a date: YYYY-MM-DD or today' },
  timeFormat: {
    option: '--time-format',
    path: ['timeFormats'],
    allowed: "date-fns tokens with yyyy, month and day, such as 'dd-MM-yyyy HH:mm'",
  },
  timezone: {
    option: '--timezone',
    path: ['timezone'],
    allowed: 'an IANA time zone such as Europe/Berlin',
  },
  productView: {
    option: '--product-view',
    path: ['funnel', 'productView'],
    allowed: 'a text that is not empty',
  },
  checkoutView: {
    option: '--checkout-view',
    path: ['funnel', 'checkoutView'],
    allowed: 'a text that is not empty',
  },
  maxRejectRate: {
    option: '--max-reject-rate',
    path: ['maxRejectRate'],
    allowed: 'a fraction from 0 to 1, such as 0.05',
    kind: 'number',
  },
  allowMissing: { option: '--allow-missing', path: ['allowMissing'], allowed: 'nothing' },
  strict: { option: '--strict', path: ['strict'], allowed: 'nothing' },
  escapeFormulas: { option: '--no-escape-formulas', path: ['escapeFormulas'], allowed: 'nothing' },
  bom: { option: '--bom', path: ['bom'], allowed: 'nothing' },
  showValues: { option: '--show-values', path: ['showValues'], allowed: 'nothing' },
  keepRuns: {
    option: '--keep-runs',
    path: ['keepRuns'],
    allowed: 'a whole number from 1 to 1,000,000',
    kind: 'number',
  },
}

/** The settings that the options stand for, and every option that is wrong. */
export async function optionSettings(
  raw: RawRunOptions,
  workingFolder: string,
): Promise<{ overrides: Override[]; problems: KnownError[] }> {
  const given = Object.entries(OPTION_SETTINGS).flatMap(([name, setting]) => {
    const text = raw[name as keyof RawRunOptions]
    return text === undefined || (name === 'escapeFormulas' && text === true) ? [] : [{ ...setting, text }]
  })
  const values = given.reduce<Values>(
    (all, { path, kind, text }) => withValue(all, path, kind === 'number' ? numberOf(String(text)) : text),
    {},
  )
  const faults = await faultsOf(values)
  const problems: KnownError[] = []
  if (raw.threads !== undefined) wholeOption('--threads', raw.threads, 1, MOST_THREADS, problems)
  const overrides = given.map(({ option, path, allowed, kind, text }) => {
    const wrong = faults.filter((fault) => path.every((part, i) => fault.path[i] === part))
    for (const { message } of wrong) {
      const what = kind === 'number' ? `'${text}' is not ${allowed}` : message
      problems.push(badOption(option, `${option}: ${what}`, String(text), allowed))
    }
    const value = valueAt(values, path)
    if (wrong.length > 0) return { option, path, value: undefined }
    return { option, path, value: kind === 'folder' ? resolve(workingFolder, String(value)) : value }
  })
  return { overrides, problems }
}

async function faultsOf(values: Values): Promise<ConfigProblem[]> {
  const { error } = settingsSchema.safeParse(values)
  if (error === undefined) return []
  const { problemsOf } = await import('../../config/problems/problem-texts.ts')
  return problemsOf(error.issues, values, settingsSchema)
}

function numberOf(text: string): number {
  return /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
}
