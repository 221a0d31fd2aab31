import type { NumberForm } from '../../../rules/sources/number-form.ts'
import { plainNumber } from '../../cells/number-form.ts'

/** The cells of one column of numbers. */
export interface NumberCells {
  readonly target: string
  /** Not empty, and none that seems to mean null. */
  readonly cells: readonly string[]
}

/** How the numbers of a column are written. */
export interface SeenNumbers {
  /** Only what differs from a plain number. */
  readonly form: NumberForm
  /** Forms that fit as many cells, but make other numbers of them; empty if there are none. */
  readonly rivals: readonly NumberForm[]
  /** Around the numbers, each once. */
  readonly currencySigns: readonly string[]
  readonly isPercentSigned: boolean
  /** Whether all numbers are whole and none is small, as amounts in cents are. */
  readonly isWholeAndLarge: boolean
}

const FORMS: readonly NumberForm[] = [
  {},
  { decimal: ',' },
  { thousands: ',' },
  { decimal: ',', thousands: '.' },
  { thousands: ' ' },
  { decimal: ',', thousands: ' ' },
  { thousands: "'" },
  { decimal: ',', thousands: "'" },
]

/** Most different cells of a column that are read in each form. */
const MOST_CELLS = 1000
/** No number with its currency is longer. */
const LONGEST = 60
/** Amounts in cents are hardly ever below this. */
const LEAST_CENTS = 100

/**
 * The form of the numbers of one table: the first that fits all columns, since a program writes all numbers alike;
 * where none does, each column has its own.
 *
 * @example cells 1.204,50 and 12,5 → { decimal: ',', thousands: '.' }
 * @example cells 1.204 alone → {} with the rival { decimal: ',', thousands: '.' }
 */
export function seenNumbers(columns: readonly NumberCells[]): ReadonlyMap<string, SeenNumbers> {
  const read = columns.flatMap(({ target, cells }) => {
    const texts = [...new Set(cells)].slice(0, MOST_CELLS)
    return texts.length === 0 ? [] : [{ target, column: new NumberColumn(texts) }]
  })
  const all = FORMS.filter((form) => read.every(({ column }) => column.fits(form)))
  return new Map(
    read.map(({ target, column }) => {
      const forms = all.length > 0 ? all : column.bestForms()
      const [form = {}] = forms
      const rivals = forms.filter((other) => column.differs(form, other))
      return [
        target,
        {
          form,
          rivals,
          currencySigns: column.signs,
          isPercentSigned: column.isPercentSigned,
          isWholeAndLarge: column.isWholeAndLarge(form),
        },
      ]
    }),
  )
}

class NumberColumn {
  readonly signs: readonly string[]
  readonly isPercentSigned: boolean
  readonly #texts: readonly string[]
  readonly #values = new Map<NumberForm, readonly (string | undefined)[]>()

  constructor(texts: readonly string[]) {
    this.isPercentSigned = texts.every((text) => text.endsWith('%'))
    this.#texts = this.isPercentSigned ? texts.map((text) => text.slice(0, -1).trim()) : texts
    this.signs = [...new Set(this.#texts.flatMap((text) => currencySign(text) ?? []))].sort()
  }

  fits(form: NumberForm): boolean {
    return this.#read(form).every((value) => value !== undefined)
  }

  /** Those that fit most cells. */
  bestForms(): NumberForm[] {
    const counts = FORMS.map((form) => this.#read(form).filter((value) => value !== undefined).length)
    const most = Math.max(...counts)
    return FORMS.filter((_, i) => most > 0 && counts[i] === most)
  }

  /** Whether two forms make another number of some cell that both fit. */
  differs(one: NumberForm, other: NumberForm): boolean {
    const values = this.#read(other)
    return this.#read(one).some(
      (value, i) => value !== undefined && values[i] !== undefined && Number(value) !== Number(values[i]),
    )
  }

  isWholeAndLarge(form: NumberForm): boolean {
    const values = this.#read(form).filter((value) => value !== undefined)
    const others = values.filter((value) => Number(value) !== 0)
    return (
      others.length > 1 &&
      others.every((value) => /^[-+]?\d+$/.test(value) && Math.abs(Number(value)) >= LEAST_CENTS)
    )
  }

  #read(form: NumberForm): readonly (string | undefined)[] {
    let values = this.#values.get(form)
    if (values === undefined) {
      const { decimal = '.', thousands } = form
      const plain = plainNumber({ decimal, thousands, currencySigns: this.signs, hasExponent: true })
      values = this.#texts.map(plain)
      this.#values.set(form, values)
    }
    return values
  }
}

const BEFORE = /^[-+]?[\s\u00a0\u202f]*([^\s\d.,'’+\-%()]{1,4})[\s\u00a0\u202f]*[-+]?\d/u
const BEHIND = /\d[\s\u00a0\u202f]*([^\s\d.,'’+\-%()]{1,4})$/u

/** What stands before or behind a number as currencies do; undefined if nothing does. */
function currencySign(text: string): string | undefined {
  if (text.length > LONGEST) return undefined
  return BEFORE.exec(text)?.[1] ?? BEHIND.exec(text)?.[1]
}
