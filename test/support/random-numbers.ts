import type { Mapping } from './naive-mapping.ts'
import type { Random } from './random.ts'
import type { Asked, Recipe } from './random-recipes.ts'

/** How the numbers of a table are written. */
export interface TableForm {
  readonly decimal?: '.' | ','
  readonly thousands?: '.' | ',' | ' ' | "'"
}

const FORMS: readonly TableForm[] = [
  { decimal: ',' },
  { decimal: ',', thousands: '.' },
  { thousands: ',' },
  { decimal: ',', thousands: ' ' },
  { thousands: "'" },
]
const SIGNS = ['€', 'EUR', '$', 'US$', 'kr.']
const BROKEN = [
  '12.34.56',
  '1,2,3',
  '€€5',
  '5 kg',
  '1,23.4',
  '0.500,1',
  '--5',
  '1 2',
  '.',
  '€',
  "1'00",
  '1e',
  'n',
]

export function randomTableForm(random: Random): TableForm {
  return random.chance(0.4) ? random.pick(FORMS) : {}
}

/** A recipe for a column of numbers of a table whose numbers are written in a form. */
export function randomNumberRecipe(random: Random, { target, kind }: Asked, table: TableForm): Recipe {
  const own: Mapping & TableForm = random.chance(0.3) ? random.pick(FORMS) : {}
  const form = Object.keys(own).length > 0 ? own : table
  const currencySigns = random.chance(0.3) ? random.shuffled(SIGNS) : undefined
  const shift = random.chance(0.25) && kind !== 'integer' ? random.pick([-2, 2, 3]) : 0
  const scale = { '-2': '100', '2': '0.01', '3': '0.001' }[String(shift)]
  const clamp = random.chance(0.15)
    ? random.pick([
        [0, 100],
        ['-5', '50.25'],
        ['0.5', 900],
      ] as const)
    : undefined
  const column = random.chance(0.5) ? target : `${target} (raw)`
  const steps: Mapping = {
    ...own,
    ...(currencySigns && { currencySigns }),
    ...(scale !== undefined && { scale }),
    ...(clamp && { clamp }),
    ...(random.chance(0.2) && { nullIf: ['-'] }),
    ...(random.chance(0.1) && { otherwise: `{${column}}` }),
  }
  const isNamed = column !== target || Object.keys(steps).length > 0
  return {
    names: [column],
    mapping: isNamed ? (Object.keys(steps).length === 0 ? column : { column, ...steps }) : undefined,
    cells: (plain) => {
      if (plain === '' && steps.nullIf !== undefined) return [random.pick(['', '-'])]
      if (random.chance(0.01)) return [random.pick(BROKEN)]
      return [
        /^-?\d+(\.\d+)?$/.test(plain)
          ? writtenNumber(random, shifted(plain, shift), form, currencySigns)
          : plain,
      ]
    },
  }
}

/** The number with its point moved to the right. */
function shifted(plain: string, places: number): string {
  const sign = plain.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = plain.slice(sign.length).split('.')
  const digits = `0000${whole}${fraction}0000`
  const at = 4 + whole.length + places
  const moved = `${digits.slice(0, at).replace(/^0+(?=\d)/, '')}.${digits.slice(at).replace(/0+$/, '')}`
  return sign + moved.replace(/\.$/, '')
}

function writtenNumber(
  random: Random,
  plain: string,
  { decimal = '.', thousands }: TableForm,
  signs: readonly string[] | undefined,
): string {
  const minus = plain.startsWith('-') ? '-' : random.pick(['', '', '', '+'])
  const [whole = '', fraction] = plain.replace('-', '').split('.')
  const between = thousands === ' ' ? random.pick([' ', '\u00a0', '\u202f']) : (thousands ?? '')
  const isGrouped = thousands !== undefined && random.chance(0.6)
  const grouped = isGrouped ? whole.replaceAll(/(?<=\d)(?=(\d{3})+$)/g, between) : whole
  const number = fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`
  if (signs === undefined || random.chance(0.4)) return minus + number
  const sign = random.pick(signs)
  const blank = random.pick(['', ' ', '\u00a0'])
  return random.pick([
    `${minus}${sign}${blank}${number}`,
    `${sign}${blank}${minus}${number}`,
    `${minus}${number}${blank}${sign}`,
  ])
}
