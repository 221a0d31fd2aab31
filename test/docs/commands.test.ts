import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { canRun } from '../support/tools.ts'
import { Workspace } from '../support/workspace.ts'
import { type Block, blocksOf, pages, root } from './pages.ts'

/**
 * Shell examples are run as the pages show them: the blocks of a page one after the other, in a folder of
 * their own. HTML comments above a block, which no reader sees, say what the reader's shop is like:
 *
 * - `before: <commands>` are run before it, and may fail
 * - `exits 65` is the exit code, if it is not 0
 * - `file: <name>` the block is written to this file
 * - `printed` the block is what the shell block above printed; `printed by: <command>` what this prints.
 *   Each line must be there or begin one that is there, in this order
 * - `needs: <program>` it is only run where that is installed
 * - `not run: <reason>`
 */
const tested = pages.filter((page) => !/CONTRIBUTING|performance|third-party|data-dictionary/.test(page))

/** A shop in which a page is followed. */
class Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'ecomagg-reader-'))
  readonly #place = join(this.folder, '.place')
  readonly #bin = join(this.folder, '.bin')
  output = ''

  constructor() {
    mkdirSync(this.#bin)
    const main = join(root, 'dist/cli/main.js')
    writeFileSync(join(this.#bin, 'ecomagg'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
    chmodSync(join(this.#bin, 'ecomagg'), 0o755)
    mkdirSync(join(this.folder, 'home'))
    writeFileSync(this.#place, join(this.folder, 'home'))
  }

  get place(): string {
    return readFileSync(this.#place, 'utf8').trimEnd()
  }

  /** Runs commands where the ones before ended; keeps what they print. */
  run(commands: string): number | null {
    const path = [this.#bin, process.env.PATH ?? ''].join(delimiter)
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', `trap 'pwd > "$PLACE"' EXIT\n${commands}`], {
      cwd: this.place,
      encoding: 'utf8',
      env: { PATH: path, PLACE: this.#place, ECOMAGG: root, TZ: 'UTC', HOME: this.folder },
    })
    this.output = stdout + stderr
    return status
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What differs from run to run and from machine to machine is made the same. */
function comparable(text: string): readonly string[] {
  return text
    .replace(/\d{6}-\d{8}T\d{6}Z-[0-9a-f]{4}/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/\d+\.\d+ s\b/g, 'SECONDS')
    .replace(/(?<![\w.])(\/[\w.@+-]+)+\//g, '/…/')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
}

/** The first line of an example that the output does not have where it should be. */
function missingLine(example: string, output: string): string | undefined {
  const lines = comparable(output)
  let at = 0
  for (const wanted of comparable(example)) {
    const found = lines.findIndex((line, i) => i >= at && line.startsWith(wanted))
    if (found === -1) return wanted
    at = found + 1
  }
  return undefined
}

function isInstalled(program: string): boolean {
  return canRun(program, ['sh', '-c', `command -v ${program}`])
}

function follow(page: string, block: Block, reader: Reader): void {
  const { notes, language, code, line } = block
  const where = `${page}, line ${line}`
  const needed = notes.get('needs')
  if (notes.has('not run') || (needed !== undefined && !isInstalled(needed))) return
  if (notes.has('before')) reader.run(`set +e\n${notes.get('before')}`)
  if (notes.has('file')) writeFileSync(join(reader.place, notes.get('file')!), code)
  if (notes.has('printed by')) expect(reader.run(notes.get('printed by')!), where).toBe(0)
  if (language === 'sh') {
    const exit = reader.run(code)
    expect([exit, exit === 0 ? '' : reader.output], where).toEqual([
      Number(notes.get('exits') ?? 0),
      exit === 0 ? '' : expect.any(String),
    ])
  }
  if (notes.has('printed') || notes.has('printed by')) {
    const missing = missingLine(code, reader.output)
    expect(missing === undefined ? '' : `${missing}\nis not in\n${reader.output}`, where).toBe('')
  }
}

describe.skipIf(process.platform !== 'linux')('shell examples', () => {
  test.each(tested)(
    'of %s do what the page says',
    (page) => {
      const reader = new Reader()
      try {
        for (const block of blocksOf(page)) follow(page, block, reader)
      } finally {
        reader.dispose()
      }
    },
    300_000,
  )
})

test('are there, and hardly any is not run', () => {
  const blocks = tested.flatMap(blocksOf)
  const shell = blocks.filter(({ language }) => language === 'sh')
  expect(shell.length).toBeGreaterThan(40)
  expect(shell.filter(({ notes }) => notes.has('not run')).length).toBeLessThanOrEqual(3)
  expect(
    blocks.filter(({ notes }) => notes.has('printed') || notes.has('printed by')).length,
  ).toBeGreaterThan(12)
  const known = ['before', 'exits', 'file', 'printed', 'printed by', 'needs', 'not run', 'example']
  expect(blocks.flatMap(({ notes }) => [...notes.keys()]).filter((note) => !known.includes(note))).toEqual([])
})

test('a command of ecomagg is never shown in a block that no test sees', () => {
  const untested = tested
    .flatMap((page) => blocksOf(page).map((block) => ({ page, ...block })))
    .filter(({ language, code }) => language === '' && /^ecomagg /m.test(code))
  expect(untested).toEqual([])
})

describe('reading the tables', () => {
  const blocks = blocksOf('docs/tables.md')

  test('the query for DuckDB gives the revenue of the shop', async () => {
    const line = blocks.find(({ code }) => code.startsWith('duckdb -c '))!.code
    const query = /^duckdb -c "(.*)"\n$/.exec(line)![1]!
    const shop = new Workspace()
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      await shop.ecomagg(['sample', '--force', '--quiet'])
      await shop.ecomagg(['process', '--quiet'])
      const inShop = query.replace("'aggregated_data/", `'${shop.output}/`)
      const rows = (await connection.runAndReadAll(inShop)).getRowObjects()
      const revenue = rows.reduce((sum, row) => sum + Math.round(Number(row.revenue) * 100), 0)
      expect([rows.length > 3, revenue]).toEqual([true, 244_191])
    } finally {
      connection.closeSync()
      instance.closeSync()
      shop.dispose()
    }
  })

  const hasPandas = canRun('pandas', ['python3', '-c', 'import pandas'])
  test.skipIf(!hasPandas)('the script for pandas prints the revenue of the shop', async () => {
    const { code } = blocks.find(({ language }) => language === 'python')!
    const shop = new Workspace()
    try {
      await shop.ecomagg(['sample', '--force', '--quiet'])
      await shop.ecomagg(['process', '--quiet'])
      expect(existsSync(shop.output)).toBe(true)
      const printed = execFileSync('python3', ['-c', code], { cwd: shop.folder, encoding: 'utf8' })
      const cents = [...printed.matchAll(/ (\d+\.\d+)$/gm)].map((match) => Math.round(Number(match[1]) * 100))
      expect(cents.reduce((sum, one) => sum + one, 0)).toBe(244_191)
    } finally {
      shop.dispose()
    }
  })
})
