import { KnownError } from '../lib/errors.ts'
import { isSameFolder } from '../lib/files/same-folder.ts'
import { parseDay } from '../lib/times/wall-clock.ts'
import type { ConfigProblem } from './problems/problem.ts'
import { type Values, valueAt } from './schema/values.ts'

/** A setting that is given by an option, and wins over the settings file. */
export interface Override {
  readonly path: readonly string[]
  /** undefined if what was given is wrong. */
  readonly value: unknown
  readonly option: string
}

/** Settings that do not go together: problems of the settings file, or of options where one has a part in it. */
export function crossProblems(
  values: Values,
  overrides: readonly Override[],
  label: string | undefined,
): { file: ConfigProblem[]; options: KnownError[] } {
  const file: ConfigProblem[] = []
  const options: KnownError[] = []
  const optionOf = (path: string) => overrides.find((one) => one.path.join('.') === path)?.option
  const nameOf = (path: string) => optionOf(path) ?? (label === undefined ? path : `${path} of ${label}`)
  const add = (
    first: string,
    second: string,
    found: string,
    allowed: string,
    inFile: string,
    text: (name: (path: string) => string) => string,
  ) => {
    const option = optionOf(first) ?? optionOf(second)
    if (option === undefined) {
      file.push({ path: first.split('.'), message: inFile, found, allowed })
    } else {
      options.push(
        new KnownError('usage', 'bad_option', text(nameOf), {
          found,
          allowed,
          hint: `${option} takes ${allowed}`,
        }),
      )
    }
  }
  const [since, until] = [dayAt(values, 'since'), dayAt(values, 'until')]
  if (since !== undefined && until !== undefined && since.day > until.day) {
    add(
      'since',
      'until',
      since.text,
      'a date not after the last one',
      `${since.text} is after until ${until.text}`,
      (name) => `${name('since')} ${since.text} is after ${name('until')} ${until.text}`,
    )
  }
  const [input, output] = [valueAt(values, ['paths', 'input']), valueAt(values, ['paths', 'output'])]
  if (typeof input === 'string' && typeof output === 'string' && isSameFolder(input, output)) {
    add(
      'paths.output',
      'paths.input',
      output,
      'two folders',
      'is the same folder as paths.input',
      (name) => `${name('paths.input')} and ${name('paths.output')} are the same folder`,
    )
  }
  return { file, options }
}

function dayAt(values: Values, name: string): { text: string; day: number } | undefined {
  const text = values[name]
  const day = typeof text === 'string' ? parseDay(text) : undefined
  return day === undefined ? undefined : { text: text as string, day }
}
