import { rawTables } from '../../src/raw/index.ts'
import { cellOf, EXTRA_COLUMNS, messyShop, NULL_TEXT } from './messy-shop.ts'
import type { Mapping } from './naive-mapping.ts'
import type { NaiveTableSettings, SourceFile } from './naive-rows.ts'
import type { Random } from './random.ts'
import { randomNumberRecipe, randomTableForm } from './random-numbers.ts'
import { type Recipe, randomRecipe } from './random-recipes.ts'
import { type RawRow, SHOP_COLUMNS, SHOP_TABLES } from './random-shop.ts'
import { type Dialect, encodable, randomDialect } from './written-table.ts'

/** A column that nobody declares, and that filters may ask. */
export const STATUS = 'Status'
/** Columns of exports that say which records are rows. */
const [KIND, ONCE, CURRENCY] = ['Kind', 'Once', 'Currency']

/** One table as a shop exports it, and what the shop sets to read it. */
export interface RandomExport {
  readonly table: string
  /** The kinds of the columns of the plain table. */
  readonly kinds: Readonly<Record<string, string>>
  readonly files: readonly SourceFile[]
  readonly dialect: Dialect
  readonly settings: NaiveTableSettings
}

export function randomExports(random: Random, seed: number): RandomExport[] {
  const { rows } = messyShop(seed)
  return SHOP_TABLES.map((table) => new ExportMaker(random, table, rows[table]!).make())
}

/** A record of the export, by source column. */
type Source = Record<string, string>

class ExportMaker {
  readonly #random: Random
  readonly #table: string
  readonly #dialect: Dialect
  readonly #kinds: Record<string, string>
  readonly #recipes: [string, Recipe][]
  readonly #rows: readonly RawRow[]
  readonly #settings: NaiveTableSettings

  constructor(random: Random, table: string, rows: readonly RawRow[]) {
    this.#random = random
    this.#table = table
    this.#dialect = randomDialect(random)
    const columns: Readonly<Record<string, { kind: string; dictionary?: string | undefined }>> =
      rawTables[table as keyof typeof rawTables].columns
    const targets = [...SHOP_COLUMNS[table]!, ...(EXTRA_COLUMNS[table] ?? [])]
    this.#kinds = Object.fromEntries(targets.map((target) => [target, columns[target]!.kind]))
    this.#rows = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, cell]) => [
          column,
          encodable(this.#long(column, cell), this.#dialect.encoding),
        ]),
      ),
    )
    const form = randomTableForm(random)
    const isNumber = (kind: string) => ['money', 'quantity', 'integer', 'percent'].includes(kind)
    this.#recipes = targets.map((target) => {
      const plain = this.#rows.map((row) => row[target] ?? '')
      const asked = {
        target,
        kind: columns[target]!.kind,
        plain,
        joins: columns[target]!.dictionary !== undefined,
      }
      const recipe = isNumber(asked.kind)
        ? randomNumberRecipe(random, asked, form)
        : randomRecipe(random, asked)
      return [target, recipe]
    })
    this.#settings = this.#randomSettings(form)
  }

  make(): RandomExport {
    let sources = this.#rows.map((row) => this.#sourceOf(row))
    const { carryDown, oneRowPer, where } = this.#settings
    if (carryDown !== undefined) sources = this.#withGaps(sources, carryDown)
    if (where !== undefined || oneRowPer !== undefined) sources = this.#withOthers(sources)
    const names = [...new Set(sources.flatMap((source) => Object.keys(source)).concat(this.#names()))]
    return {
      table: this.#table,
      kinds: this.#kinds,
      files: this.#filesOf(sources, names),
      dialect: this.#dialect,
      settings: this.#settings,
    }
  }

  /** A text now and then that is longer than usual; o+ fits it nowhere, for such a search has a limit. */
  #long(column: string, cell: string): string {
    const isText = this.#kinds[column] === 'text' && cell !== ''
    return isText && this.#random.chance(0.003)
      ? `${cell} ${'text '.repeat(this.#random.whole(100, 20_000))}x`
      : cell
  }

  #names(): string[] {
    return [...this.#recipes.flatMap(([, { names }]) => names), STATUS, KIND, ONCE, CURRENCY]
  }

  #randomSettings(form: object): NaiveTableSettings {
    const random = this.#random
    const columns: Record<string, Mapping | string> = {}
    for (const [target, { mapping }] of random.shuffled(this.#recipes))
      if (mapping !== undefined) columns[target] = mapping
    const hasMoney = Object.values(this.#kinds).includes('money')
    const key = this.#recipes.find(
      ([target, { names }]) => /order_id|session_id/.test(target) && names.length === 1,
    )
    const isCarried = key !== undefined && random.chance(0.4)
    const carried = this.#names().filter((name) => name !== key?.[1].names[0] && random.chance(0.4))
    // A place in the id of an event is the same whenever the export is made.
    if (isCarried && this.#kinds.event_id !== undefined && random.chance(0.7))
      columns.event_id = { template: `{${key[1].names[0]}}#{row}` }
    return {
      columns,
      ...form,
      ...(hasMoney && random.chance(0.4) && { currency: { column: CURRENCY, rates: RATES } }),
      ...(random.chance(0.4) && { where: random.pick(CONDITIONS) }),
      ...(random.chance(0.25) && { oneRowPer: ONCE }),
      ...(random.chance(0.25) && { stopAt: { column: KIND, prefix: 'Total' } }),
      ...(isCarried && { carryDown: { key: key[1].names[0]!, columns: [...new Set(carried)] } }),
    }
  }

  #sourceOf(row: RawRow): Source {
    const random = this.#random
    const source: Source = {
      [STATUS]: random.pick(['', 'paid', ' paid', 'void', NULL_TEXT]),
      [KIND]: 'row 1',
      [ONCE]: random.chance(0.1) ? '' : `once ${random.whole(0, 1e9)}`,
      [CURRENCY]: random.chance(0.02) ? random.pick(['XXX', '', 'eur']) : random.pick(['EUR', 'SEK', 'JPY']),
    }
    for (const [target, { names, cells }] of this.#recipes) {
      const plain = row[target] ?? ''
      // A null text is one in the export, too.
      const written = cellOf(row, target) === null ? names.map(() => plain) : cells(plain.trim())
      for (const [i, name] of names.entries()) source[name] = written[i] ?? ''
    }
    return source
  }

  /** The records of a key one behind the other, and only the first of them with some cells. */
  #withGaps(sources: Source[], { key, columns }: NonNullable<NaiveTableSettings['carryDown']>): Source[] {
    const random = this.#random
    const keys = [...new Set(sources.map((source) => source[key]!))]
    const together = random.chance(0.8)
      ? keys.flatMap((one) => sources.filter((source) => source[key] === one))
      : sources
    return together.map((source, i) => {
      if (i === 0 || together[i - 1]![key] !== source[key]) return source
      const gaps = columns.filter(() => random.chance(0.6)).map((name) => [name, ''])
      return { ...source, ...Object.fromEntries(gaps) }
    })
  }

  /** Records of other kinds, and such that repeat a value. */
  #withOthers(sources: Source[]): Source[] {
    const random = this.#random
    return sources.flatMap((source) => {
      if (random.chance(0.85)) return [source]
      const other = { ...random.pick(sources), [KIND]: random.pick(['', 'other', 'Rowe', 'void']) }
      return random.pick([
        [source, other],
        [other, source],
        [source, { ...random.pick(sources), [ONCE]: source[ONCE]! }],
      ])
    })
  }

  #filesOf(sources: readonly Source[], names: readonly string[]): SourceFile[] {
    const random = this.#random
    const count = random.whole(1, 3)
    return Array.from({ length: count }, (_, i) => {
      const [from, to] = [i, i + 1].map((part) => Math.floor((part * sources.length) / count))
      const header = random.shuffled(random.chance(0.5) ? names : [...names, `more ${i}`])
      const records = sources.slice(from, to).map((source) => this.#record(source, header))
      if (this.#settings.stopAt !== undefined && random.chance(0.7))
        records.push(
          header.map((name) => (name === KIND ? 'Totals' : '5')),
          ['', '-'],
          ...records.slice(0, 2),
        )
      return { header, records }
    })
  }

  /** The fields of a record; now and then one is missing or too many, or has blanks around it. */
  #record(source: Source, header: readonly string[]): string[] {
    const random = this.#random
    const fields = header.map((name) => {
      const cell = encodable(source[name] ?? '', this.#dialect.encoding)
      return random.chance(0.97) || cell === '' ? cell : random.pick([` ${cell}`, `${cell}\t `])
    })
    if (random.chance(0.99)) return fields
    return random.chance(0.5) ? [...fields, 'more'] : fields.slice(1)
  }
}

const RATES = { EUR: '1', SEK: '0.0862', JPY: '0.00613497' }

const CONDITIONS: readonly NonNullable<NaiveTableSettings['where']>[] = [
  [{ column: KIND, prefix: 'row' }],
  [{ column: KIND, equals: 'row 1' }],
  [
    { column: KIND, in: ['row 1', 'row 2'] },
    { column: ONCE, not: 'never' },
  ],
  [{ column: KIND, not: ['', 'other', 'Rowe', 'void'] }],
  [
    { column: KIND, matches: '^r[ow]+ [0-9]$' },
    { column: STATUS, not: 'gone' },
  ],
]
