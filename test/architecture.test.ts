import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aggregateTables } from '../src/aggregators/index.ts'
import { allRawTables } from '../src/raw/index.ts'
import { PRESET_NAMES } from '../src/rules/sources/preset-names.ts'

const root = resolve(import.meta.dirname, '..')
const src = join(root, 'src')

/** The rooms, from the ground up, as the page for contributors lists them: `aggregators/*` is any room below it. */
const ROOM_LINE = /^\| `([a-z_*/.-]+)\/?` \|/gm
const ROOM_LIST = [...sectionOfRooms().matchAll(ROOM_LINE)].map((match) => match[1]!.replace(/\/$/, ''))

/** The most files of a folder; lists of equal rooms may have more. */
const MOST_FILES = 15
const LISTS = ['aggregators', 'raw', 'checks/findings', 'cli/commands', 'sample/traps']

/** Folders whose files are about a table each, and may name it. */
const ROOMS = ['raw', 'aggregators']

/**
 * What is about certain tables by its nature, and may name them: the lists of the rooms, findings (each is about
 * certain tables, SPEC section 5), sample data (made for each raw table), the examples of settings and presets. All other
 * code gets what it must know of a table from the table's own definition.
 */
const MAY_NAME_TABLES = [
  'aggregators/index.ts',
  'raw/index.ts',
  'checks/findings/',
  'sample/',
  'config/schema/starter-values.ts',
  'sources/presets/',
]

const sources = filesBelow(src).filter((file) => file.endsWith('.ts'))
const imports = new Map(sources.map((file) => [file, importsOf(file)]))

describe('the list of rooms in docs/CONTRIBUTING.md', () => {
  test('is the tree: every folder of src that holds files, and no other', () => {
    const inTree = [...new Set(sources.map(roomOfFile))].filter((room) => room !== 'index.ts')
    expect([...ROOM_LIST].sort()).toEqual(inTree.sort())
    expect(readdirSync(src).filter((name) => name.endsWith('.ts'))).toEqual(['index.ts'])
  })

  test('imports only go to rooms before', () => {
    const upward = eachImport().filter(({ from, to }) => placeOf(to) > placeOf(from))
    expect(upward.map(shown)).toEqual([])
  })

  test('no folder holds more than some fifteen files, but lists of equal rooms', () => {
    const counts = new Map<string, number>()
    for (const file of sources) counts.set(dirname(name(file)), (counts.get(dirname(name(file))) ?? 0) + 1)
    const large = [...counts].filter(([folder, count]) => count > MOST_FILES && !LISTS.includes(folder))
    expect(large).toEqual([])
  })
})

describe('imports', () => {
  test('nothing imports the public index or the entry of the command', () => {
    const entries = ['index.ts', 'cli/main.ts']
    expect(
      eachImport()
        .filter(({ to }) => entries.includes(name(to)))
        .map(shown),
    ).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    expect(rings()).toEqual([])
  })

  test('every relative import names a file with its ending', () => {
    expect(
      eachImport()
        .filter(({ to }) => !existsSync(to))
        .map(shown),
    ).toEqual([])
  })

  test('packages are imported only where they are declared', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      name: string
      dependencies: Record<string, string>
    }
    const declared = Object.keys(manifest.dependencies)
    const used = sources.flatMap((file) => specifiersOf(file).filter((one) => !one.startsWith('.')))
    const packages = new Set(used.filter((one) => !one.startsWith('node:')).map(packageOf))
    // The starter of a settings file imports from the package itself.
    packages.delete(manifest.name)
    expect([...packages].filter((one) => !declared.includes(one))).toEqual([])
    expect(declared.filter((one) => !packages.has(one))).toEqual([])
  })
})

describe('rooms', () => {
  const rooms = folders(join(src, 'aggregators'))
  const rawRooms = readdirSync(join(src, 'raw'))
    .filter((file) => file.endsWith('_table.ts'))
    .map((file) => basename(file, '.ts'))
  const registry = aggregateTables.map((table) => table.name)

  test('each aggregate table has its folder, and each folder stands in the list', () => {
    expect([...registry].sort()).toEqual(rooms)
    expect(registry).toEqual([
      'daily_business_metrics',
      'session_attribution',
      'session_funnel',
      'product_performance_daily',
      'user_lifetime_metrics',
      'page_engagement_metrics',
      'coupon_performance',
    ])
  })

  test('a room is built like the others', () => {
    for (const room of rooms) {
      const files = readdirSync(join(src, 'aggregators', room))
      expect(files, room).toEqual(expect.arrayContaining(['aggregate.ts', 'columns.ts', 'index.ts']))
      const table = aggregateTables.find((one) => one.name === room)!
      expect(Object.keys(table.columns), room).toEqual(expect.arrayContaining([...table.key]))
      expect(
        table.order.map(({ column }) => column),
        room,
      ).toEqual(expect.arrayContaining([...table.key]))
    }
  })

  test('each raw table has its file, and each file stands in the list', () => {
    expect(Object.keys(allRawTables).sort()).toEqual(rawRooms.sort())
    for (const [name, table] of Object.entries(allRawTables)) expect(table.name).toBe(name)
  })

  test('each aggregate table has its test', () => {
    const tests = readdirSync(join(root, 'test/aggregators')).filter((file) =>
      registry.includes(file.split('.')[0]!),
    )
    expect(tests).toEqual(registry.map((name) => `${name}.test.ts`).sort())
  })

  test('each golden case has a raw CSV of each raw table at most, and an expected one of each aggregate', () => {
    const cases = join(root, 'fixtures/cases')
    for (const one of folders(cases)) {
      const expected = readdirSync(join(cases, one, 'aggregated_data')).filter(
        (file) => !file.endsWith('.actual.csv'),
      )
      expect(expected, one).toEqual(registry.map((name) => `${name}.csv`).sort())
      const raw = readdirSync(join(cases, one, 'raw_data')).map((file) => file.replace(/\.csv(\.gz)?$/, ''))
      expect(
        raw.filter((name) => !rawRooms.includes(name)),
        one,
      ).toEqual([])
    }
  })

  test('rooms never import each other', () => {
    const sideways = eachImport().filter(({ from, to }) => {
      const [a, b] = [roomOf(from), roomOf(to)]
      return a !== undefined && b !== undefined && a !== b
    })
    expect(sideways.map(shown)).toEqual([])
  })

  test('only the registry imports rooms', () => {
    const visitors = eachImport().filter(
      ({ from, to }) => roomOf(to) !== undefined && roomOf(from) === undefined,
    )
    expect(
      visitors.map(({ from }) => name(from)).filter((one) => !/^(raw|aggregators)\/index\.ts$/.test(one)),
    ).toEqual([])
  })

  test('an aggregator reads no file, no clock and no environment', () => {
    const pure = sources.filter((file) =>
      ['aggregators', 'facts', 'collections', 'tables', 'outputs', 'checks'].includes(folderOf(file)),
    )
    const outside = pure.filter((file) =>
      /from 'node:|\bprocess\.|Date\.now|new Date\(\)|performance\./.test(codeOf(file)),
    )
    expect(outside.map(name)).toEqual([])
  })

  test('a room names no table but its own and the raw ones that it needs', () => {
    for (const table of aggregateTables) {
      const raw = Object.keys(table.needs)
      const files = sources.filter((file) => roomOf(file) === table.name)
      const named = new Set(files.flatMap((file) => tableNamesIn(codeOf(file))))
      expect(
        [...named].filter((one) => one !== table.name && !raw.includes(one)),
        table.name,
      ).toEqual([])
    }
  })
})

describe('shared code', () => {
  const shared = sources.filter((file) => roomOf(file) === undefined)
  const mayName = (file: string) => MAY_NAME_TABLES.some((path) => name(file).startsWith(path))

  test('names no table', () => {
    const naming = shared.filter((file) => !mayName(file) && tableNamesIn(literalsOf(file)).length > 0)
    expect(naming.map((file) => `${name(file)}: ${tableNamesIn(literalsOf(file)).join(', ')}`)).toEqual([])
  })

  test('only the start of the program touches the streams, the arguments and the end of the process', () => {
    const touching = sources.filter((file) =>
      /\bprocess\.(exit|exitCode|stdout|stderr|stdin|argv|abort|on|once)\b/.test(codeOf(file)),
    )
    expect(touching.map(name)).toEqual(['cli/main.ts', 'cli/start.ts'])
  })

  test('nobody prints by console', () => {
    expect(sources.filter((file) => /\bconsole\b/.test(codeOf(file))).map(name)).toEqual([])
  })

  test('nobody reads the environment below cli', () => {
    const reading = sources.filter(
      (file) => folderOf(file) !== 'cli' && /\bprocess\.(env|cwd)\b/.test(codeOf(file)),
    )
    expect(reading.map(name)).toEqual([])
  })

  test('only named exports', () => {
    expect(sources.filter((file) => /^export default|^export \* /m.test(codeOf(file))).map(name)).toEqual([])
  })

  test('file names are kebab-case, but those of tables and presets', () => {
    const odd = sources
      .flatMap((file) => name(file).split('/'))
      .filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.ts)?$/.test(part))
    const named: readonly string[] = [
      ...Object.keys(allRawTables),
      ...aggregateTables.map((table) => table.name),
      ...PRESET_NAMES,
    ]
    expect(odd.filter((part) => !named.includes(basename(part, '.ts')))).toEqual([])
  })
})

test('tests below test/<floor> stand where the code stands', () => {
  const floors = folders(src)
  const mirrored = floors.filter((floor) => !['cli', 'run', 'sample', 'describe', 'config'].includes(floor))
  const lost = mirrored
    .filter((floor) => existsSync(join(root, 'test', floor)))
    .flatMap((floor) => filesBelow(join(root, 'test', floor)))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) =>
      relative(join(root, 'test'), file)
        .split(sep)
        .join('/')
        .replace(/\.test\.ts$/, ''),
    )
    .filter((path) => !existsSync(join(src, `${path}.ts`)) && !existsSync(join(src, path)))
  expect(lost.filter((path) => !['parsers/bad-inputs', 'parsers/cells'].includes(path))).toEqual([])
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** The path below src, with forward slashes. */
function name(file: string): string {
  return relative(src, file).split(sep).join('/')
}

function folderOf(file: string): string {
  return name(file).split('/')[0]!
}

/** The room that a file lies in, as the page names it; a list of rooms has a line of its own. */
function roomOfFile(file: string): string {
  if (ROOM_LIST.includes(name(file))) return name(file)
  const folder = dirname(name(file))
  if (folder === '.') return 'index.ts'
  return /^aggregators\/./.test(folder) ? 'aggregators/*' : folder
}

/** The room's place in the list; the public index stands above all. */
function placeOf(file: string): number {
  const room = roomOfFile(file)
  return room === 'index.ts' ? ROOM_LIST.length : ROOM_LIST.indexOf(room)
}

function sectionOfRooms(): string {
  const page = readFileSync(resolve(import.meta.dirname, '../docs/CONTRIBUTING.md'), 'utf8')
  return page.slice(page.indexOf('## How src is built')).split(/^## /m)[1]!
}

/** The table whose room a file is in, if it is in one. */
function roomOf(file: string): string | undefined {
  const [folder, second, third] = name(file).split('/')
  if (!ROOMS.includes(folder!)) return undefined
  if (folder === 'raw') return second!.endsWith('_table.ts') ? basename(second!, '.ts') : undefined
  return third === undefined ? undefined : second
}

/** The code of a file without its comments. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** What imports and exports of a file name. */
function specifiersOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:\bfrom|^import|\bimport\()\s*'([^'\s]+)'/gm)].map((match) => match[1]!)
}

function importsOf(file: string): string[] {
  return specifiersOf(file)
    .filter((one) => one.startsWith('.'))
    .map((one) => resolve(dirname(file), one))
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0]!
}

interface Import {
  readonly from: string
  readonly to: string
}

function eachImport(): Import[] {
  return [...imports].flatMap(([from, targets]) => targets.map((to) => ({ from, to })))
}

function shown({ from, to }: Import): string {
  return `${name(from)} imports ${name(to)}`
}

/** The rings of imports, each by the files on it; types count as well. */
function rings(): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].map(name).join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of sources) visit(file, [])
  return found
}

/** The strings and templates of a file, and the names of properties and variables that are tables. */
function literalsOf(file: string): string {
  return (
    [...codeOf(file).matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)]
      .map(([text]) => text)
      // Help texts and messages are sentences; a name by itself is what code would branch on.
      .filter((text) => !text.includes(' '))
      .join('\n')
  )
}

function tableNamesIn(code: string): string[] {
  const names = [...Object.keys(allRawTables), ...aggregateTables.map((table) => table.name)]
  return names.filter((table) => new RegExp(`\\b${table}\\b`).test(code))
}
