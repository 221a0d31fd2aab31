/** A number for people. @example grouped(1234567) → '1,234,567'; grouped('1234.50') → '1,234.50' */
export function grouped(value: number | string): string {
  const [units, fraction] = String(value).split('.')
  const withCommas = units!.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`
}

/** A number of things. @example plural(1, 'order') → '1 order'; plural(2000, 'order') → '2,000 orders' */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}
