import type { Mapping, NaiveSettings } from './naive-mapping.ts'

/** A number as digits and how many of them stand behind the point. */
interface Decimal {
  readonly units: bigint
  readonly places: number
}

/**
 * A text that is a number in a form, as a plain number; undefined if it is none.
 *
 * @param hasExponent whether 1e5 is one
 */
export function naivePlain(
  text: string,
  own: Mapping,
  table: NaiveSettings,
  hasExponent: boolean,
): string | undefined {
  const form = own.decimal === undefined && own.thousands === undefined ? table : own
  const decimal = escaped(form.decimal ?? '.')
  const separator =
    { ' ': '[ \u00a0\u202f]', "'": "['’]", '.': '\\.', ',': ',' }[form.thousands ?? ''] ?? '(?!)'
  const digits = `(?<grouped>[1-9]\\d{0,2}(?:${separator}\\d{3})+)|\\d+`
  const number = `(?<whole>(?:${digits})?)(?:${decimal}(?<fraction>\\d*))?(?<exponent>${hasExponent ? '(?:[eE][+-]?\\d+)?' : ''})`
  const signs = [...(own.currencySigns ?? [])].sort((a, b) => b.length - a.length).map(escaped)
  const currency = signs.length === 0 ? '(?!)' : `(?:${signs.join('|')})`
  const blank = '[ \u00a0\u202f]*'
  for (const pattern of [
    `(?<sign>[+-]?)${number}`,
    `(?<sign>[+-])${blank}${currency}${blank}${number}`,
    `${blank}${currency}${blank}(?<sign>[+-]?)${number}`,
    `(?<sign>[+-]?)${number}${blank}${currency}`,
  ]) {
    const found = new RegExp(`^${pattern}$`).exec(text)?.groups
    if (found === undefined) continue
    const whole = found.whole!.replaceAll(/\D/g, '')
    if (whole + (found.fraction ?? '') === '') continue
    return `${found.sign}${whole}${found.fraction === undefined ? '' : `.${found.fraction}`}${found.exponent}`
  }
  return undefined
}

/** A plain number times a factor, between two bounds if there are any; without an exponent. */
export function naiveScaled(text: string, factor: string, bounds?: readonly (string | number)[]): string {
  const { units, places } = decimalOf(text)
  const by = decimalOf(factor)
  let result = { units: units * by.units, places: places + by.places }
  if (bounds !== undefined) {
    const [low, high] = bounds.map((bound) => decimalOf(String(bound)))
    if (isLess(result, low!)) result = low!
    if (isLess(high!, result)) result = high!
  }
  return textOf(result)
}

function decimalOf(text: string): Decimal {
  const [, sign, whole, fraction = '', exponent = '0'] = /^([+-]?)(\d*)(?:\.(\d*))?(?:e(.+))?$/i.exec(text)!
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  const places = fraction.length - Number(exponent)
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 }
}

function isLess(a: Decimal, b: Decimal): boolean {
  return a.units * 10n ** BigInt(b.places) < b.units * 10n ** BigInt(a.places)
}

function textOf({ units, places }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0')
  const at = digits.length - places
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${places === 0 ? '' : `.${digits.slice(at)}`}`
}

function escaped(text: string): string {
  return text.replaceAll(/[$.*+?^()[\]{}|\\/]/g, '\\$&')
}
