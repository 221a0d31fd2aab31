import type { Mapping } from './naive-mapping.ts'
import type { Random } from './random.ts'

/** How the cells of one column stand in an export, and what a user writes to have them back. */
export interface Recipe {
  /** The source columns that it needs. */
  readonly names: readonly string[]
  readonly mapping: Mapping | string | undefined
  /** The cells of the export, in the order of the names, of a cell of the plain table. */
  readonly cells: (plain: string) => readonly string[]
}

export interface Asked {
  readonly target: string
  readonly kind: string
  /** All cells of the column. */
  readonly plain: readonly string[]
  /** Whether other tables refer to the column: then its cells must come back as they were. */
  readonly joins: boolean
}

type MakeRecipe = (random: Random, asked: Asked) => Recipe

/** A recipe for a column of ids, texts, times or flags. */
export function randomRecipe(random: Random, asked: Asked): Recipe {
  const makers = asked.kind === 'text' && !asked.joins ? [...FOR_ANY, ...FOR_TEXTS] : FOR_ANY
  return random.pick(makers)(random, asked)
}

/** Of one source column, whose cells are changed by what `change` does before the mapping takes it back. */
function one(target: string, mapping: Mapping, change: (plain: string) => string): Recipe {
  const name = `Source ${target}`
  return {
    names: [name],
    mapping: { column: name, ...mapping },
    cells: (plain) => [plain === '' ? '' : change(plain)],
  }
}

const FOR_ANY: readonly MakeRecipe[] = [
  (_, { target }) => ({ names: [target], mapping: undefined, cells: (plain) => [plain] }),
  (_, { target }) => ({ names: [`The ${target}`], mapping: `The ${target}`, cells: (plain) => [plain] }),
  (_, { target }) => one(target, {}, (plain) => plain),
  (random, { target }) => {
    const names = [`${target} 1`, `${target} 2`, `${target} 3`]
    return {
      names,
      mapping: { first: random.shuffled(names) },
      cells: (plain) => {
        const cells = names.map(() => '')
        cells[random.whole(0, 2)] = plain
        return cells
      },
    }
  },
  (random, { target }) => ({
    names: [target],
    mapping: { column: target, nullIf: ['-', '(not set)'] },
    cells: (plain) => [plain === '' ? random.pick(['', '-', '(not set)']) : plain],
  }),
  (random, { target }) =>
    one(target, { trimPrefix: 'order-', trimSuffix: '.0' }, (plain) =>
      random.pick([plain, `order-${plain}`, `${plain}.0`, `order-${plain}.0`]),
    ),
  (random, { target }) =>
    one(
      target,
      {
        replace: [
          ['^#+', ''],
          ['«([^»]*)»$', '$1'],
        ],
      },
      (plain) => random.pick([plain, `#${plain}`, `##«${plain}»`]),
    ),
  (random, { target }) =>
    one(target, { split: '|', take: 'first' }, (plain) => random.pick([plain, `${plain} |rest`])),
  (random, { target }) =>
    one(target, { split: ' :: ', take: 'last' }, (plain) => random.pick([plain, `a :: b :: ${plain}`])),
  (_, { target }) => one(target, { decode: 'percent' }, (plain) => encodeURIComponent(plain)),
  (random, { target }) => {
    const names = [`${target} 1`, `${target} 2`]
    return {
      names,
      mapping: { column: names[0]!, otherwise: `{${names[1]}}` },
      cells: (plain) => (random.chance(0.5) ? [plain, 'unused'] : ['', plain]),
    }
  },
  (_, { target }) => ({
    names: [target],
    mapping: { template: `{${target}}` },
    cells: (plain) => [plain],
  }),
  (random, { target, plain }) => {
    const known = random.shuffled([...new Set(plain)].filter((cell) => cell !== '')).slice(0, 5)
    const codes = new Map(known.map((cell, i) => [cell, `code ${i}`]))
    const values = Object.fromEntries([...codes].map(([cell, code]) => [code, cell.trim()]))
    return one(target, { values }, (cell) => codes.get(cell) ?? cell)
  },
  (random, { target }) =>
    one(target, { param: target }, (plain) => {
      const value = encodeURIComponent(plain)
      const query = `a=1&${target}=${random.chance(0.5) ? value.replaceAll('%20', '+') : value}&b`
      return random.pick([`https://shop.example/x?${query}#${target}=none`, `/?${query}`])
    }),
]

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '€': '&euro;',
}

const FOR_TEXTS: readonly MakeRecipe[] = [
  (_, { target }) => ({ names: [], mapping: { constant: `all ${target}` }, cells: () => [] }),
  (_, { target }) =>
    one(target, { decode: 'html' }, (plain) => plain.replaceAll(/[&<>"'€]/g, (c) => HTML[c]!)),
  (random, { target }) =>
    one(target, { spaces: 'collapse' }, (plain) =>
      plain.replaceAll(' ', random.pick([' ', '  ', '\u00a0 '])).concat(random.pick(['', '\u00a0'])),
    ),
  (random, { target }) =>
    one(target, { lower: true }, (plain) => (random.chance(0.5) ? plain.toUpperCase() : plain)),
  (_, { target }) => one(target, { upper: true }, (plain) => plain),
  (random, { target }) =>
    one(target, { split: '|', take: 'all' }, (plain) =>
      random.shuffled([plain, 'B', 'a', '', plain]).join(random.pick(['|', ' | '])),
    ),
  (random, { target }) =>
    one(target, { url: 'path', decode: 'percent', trimSuffix: '/' }, (plain) => {
      const origin = plain.startsWith('/') ? random.pick(['', 'https://shop.example']) : ''
      return origin + plain + random.pick(['', '/', '?a=1', '#top', '/?a#b'])
    }),
  (random, { target }) =>
    one(target, { url: random.pick(['host', 'query', 'hash']), decode: 'percent' }, (plain) => {
      const part = encodeURIComponent(plain).replaceAll("'", '%27')
      return random.pick([
        `https://Shop.example:8080/p?${part}#${part}`,
        `/p?${part}#h`,
        `/p#${part}?x`,
        plain,
      ])
    }),
  (random, { target }) => {
    const names = [`${target} 1`, `${target} 2`]
    return {
      names,
      mapping: { template: `{${names[0]}}-{${names[1]}}!`, otherwise: `only {${names[0]}}` },
      cells: (plain) => [plain, random.pick(['', 'x'])],
    }
  },
  // Of steps one behind the other each sees what those before made.
  (random, { target }) => {
    const steps: Mapping = {
      nullIf: ['A|B'],
      replace: [[random.pick(['[aeiou]', 'o+', ' ']), random.pick(['', '*', '$$', '<$&>'])]],
      spaces: 'collapse',
      trimPrefix: 'x',
      trimSuffix: 'e',
      lower: true,
      split: '*',
      take: random.pick(['first', 'last', 'all']),
      values: { mug: 'Mug', n: '' },
      otherwise: `{Source ${target}}?`,
    }
    const kept = Object.entries(steps).filter(([key]) => key === 'otherwise' || random.chance(0.6))
    const chosen = Object.fromEntries(kept) as Mapping
    const isWhole = chosen.split !== undefined && chosen.take !== undefined
    const { split: _, take: __, ...others } = chosen
    const junk = ['', 'x', 'xx Ooze  e', 'A|B', ' Foo*bar * a*', 'e', 'Xe\u00a0e']
    return one(target, isWhole ? chosen : others, (plain) => (random.chance(0.5) ? plain : random.pick(junk)))
  },
]
