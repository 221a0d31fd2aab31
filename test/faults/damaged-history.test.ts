import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KnownError } from '../../src/lib/errors.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { runOnce } from '../../src/run/run-once.ts'
import { cases } from '../support/effort.ts'
import { Random, seedOf } from '../support/random.ts'
import { changed, shopDays } from '../support/shop-days.ts'
import { bytesBelow, type Slice, SliceWorkspace } from '../support/slice-workspace.ts'
import { BEFORE, NEXT, WHOLE, withNewOrder } from './incremental-slices.ts'

const numbers = { damages: 0, refused: 0 }

afterAll(() => {
  console.info(`damages tried ${numbers.damages}, refused ${numbers.refused}`)
})

function withEarlySession(slice: Slice): Slice {
  const session = 'customer-one,alpha-early,2024-03-02 06:00:00,mobile,NA,,203.0.113.9,bing,organic'
  return changed(slice, 'session_table', { plus: [session] })
}

/**
 * What is damaged is refused, or does no harm: neither to this run, nor, carried on, to the next one. These
 * runs are made without a process of their own, so that there can be many.
 */
describe('a damaged history', () => {
  const { seed } = seedOf(1)
  /** Another slice, which changes dates that the first left alone: later sessions of one user get other numbers. */
  const AFTER = withEarlySession(shopDays(2, 5))
  const ALL = withEarlySession(withNewOrder(shopDays(1, 2, 3, 4, 5)))
  let shop: SliceWorkspace
  let slices: readonly [string, string]
  let expected: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>]
  let rowsByDate: unknown
  let places = 0

  beforeAll(async () => {
    shop = new SliceWorkspace()
    for (const slice of BEFORE) await add(shop.slice(slice), shop.output)
    slices = [shop.slice(NEXT), shop.slice(AFTER)]
    const whole = [shop.slice(WHOLE), shop.slice(ALL)] as const
    expected = [await shop.plainResults(whole[0]), await shop.plainResults(whole[1])]
    const output = join(shop.folder, 'all at once')
    await add(whole[1], output, 'plain')
    rowsByDate = rowsOf(output)
  })
  afterAll(() => shop?.dispose())

  function rowsOf(output: string): unknown {
    const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >
    return manifest.rows_by_date
  }

  const files = () => bytesBelow(shop.history)

  test('is none: both slices give the bytes of a full run', async () => {
    expect(await brokenBy(() => {})).toEqual([])
    expect(numbers.refused).toBe(0)
  })

  test('one bit of days and of rows without dates is another', async () => {
    const random = new Random(seed)
    const broken: string[] = []
    for (const [name, bytes] of files()) {
      if (!name.endsWith('.bin')) continue
      for (const at of someOf(random, bytes.length, cases(12, 60))) {
        const bit = 1 << random.whole(0, 7)
        const found = await brokenBy((history) => flip(join(history, name), at, bit))
        broken.push(...found.map((what) => `byte ${at} of ${name}, bit ${bit}: ${what}`))
      }
    }
    expect(broken).toEqual([])
  })

  test('one bit of the state file is another', async () => {
    const random = new Random(seed)
    const broken: string[] = []
    const text = files().get('state.json')!
    for (const at of someOf(random, text.length, cases(30, 150))) {
      const found = await brokenBy((history) => flip(join(history, 'state.json'), at, 1))
      const around = text.slice(Math.max(0, at - 30), at + 10)
      broken.push(...found.map((what) => `byte ${at} of state.json (${around}): ${what}`))
    }
    expect(broken).toEqual([])
  })

  test('the seed of the hashes in the state file is another', async () => {
    const output = join(shop.folder, 'another seed')
    const session = (id: string, date: string) =>
      changed(shopDays(), 'session_table', {
        plus: [`browser,${id},${date} 10:00:00,mobile,NA,,203.0.113.9,bing,organic`],
      })
    expect(await add(shop.slice(session('t2', '2024-03-02')), output)).toBeUndefined()
    const state = join(output, '.ecomagg', 'history', 'state.json')
    writeFileSync(state, readFileSync(state, 'utf8').replace(/"seed":\d+/, '"seed":77'))
    const code = await add(shop.slice(session('t1', '2024-03-01')), output)
    if (code === undefined) {
      const rows = readFileSync(join(output, 'session_attribution.csv'), 'utf8')
      // SPEC: session_number is the place among the user's sessions by (time, session_id).
      expect(rows).toMatch(/^t2,.*,Organic Search,,2,$/m)
    } else expect(['history_damaged', 'no_history']).toContain(code)
  })

  test('a file is cut short, longer, empty or gone', async () => {
    const broken: string[] = []
    for (const [name, bytes] of files()) {
      const lengths = [0, 1, 15, 16, 100, Math.floor(bytes.length / 2), bytes.length - 1]
      for (const length of lengths) {
        const found = await brokenBy((history) => truncateSync(join(history, name), length))
        broken.push(...found.map((what) => `${name} cut to ${length}: ${what}`))
      }
      const longer = await brokenBy((history) => writeFileSync(join(history, name), 'more', { flag: 'a' }))
      const gone = await brokenBy((history) => rmSync(join(history, name)))
      broken.push(
        ...longer.map((what) => `${name} longer: ${what}`),
        ...gone.map((what) => `${name} gone: ${what}`),
      )
    }
    expect(broken).toEqual([])
  })

  test('a file is that of another', async () => {
    const broken: string[] = []
    const names = [...files().keys()].filter((name) => name.endsWith('.bin'))
    for (const name of names) {
      for (const other of names.filter((one) => one !== name)) {
        const found = await brokenBy((history) => cpSync(join(history, other), join(history, name)))
        broken.push(...found.map((what) => `${name} is ${other}: ${what}`))
      }
    }
    expect(broken).toEqual([])
  })

  test('does not let a full run lose dates', async () => {
    const output = copyOfOutput()
    truncateSync(join(output, '.ecomagg', 'history', 'state.json'), 100)
    const before = bytesBelow(output)
    expect(await add(shop.slice(shopDays(3)), output, 'full')).toBe('full_loses_dates')
    expect([...bytesBelow(output)]).toEqual([...before])
  })

  test('does not let a plain run lose the history', async () => {
    const output = copyOfOutput()
    truncateSync(join(output, '.ecomagg', 'history', 'state.json'), 100)
    const before = bytesBelow(output)
    expect(await add(shop.slice(shopDays(3)), output, 'plain')).toBe('history_would_be_lost')
    expect([...bytesBelow(output)]).toEqual([...before])
  })

  test('is healed by a full run', async () => {
    const output = copyOfOutput()
    const history = join(output, '.ecomagg', 'history')
    for (const name of readdirSync(history)) flip(join(history, name), 40, 1)
    expect(await add(shop.slice(WHOLE), output, 'full')).toBeUndefined()
    expect(shop.results(output)).toEqual(expected[0])
    expect(await add(slices[1], output)).toBeUndefined()
    expect(shop.results(output)).toEqual(expected[1])
  })

  /** Adds both slices to a history that was damaged. @returns what of the promise does not hold */
  async function brokenBy(damage: (history: string) => void): Promise<string[]> {
    const output = copyOfOutput()
    damage(join(output, '.ecomagg', 'history'))
    numbers.damages++
    try {
      for (const [i, slice] of slices.entries()) {
        const before = bytesBelow(output)
        const code = await add(slice, output)
        if (code !== undefined) {
          numbers.refused++
          if (code !== 'history_damaged' && code !== 'no_history')
            return [`slice ${i + 1} ended with ${code}`]
          const after = bytesBelow(output)
          const isSame =
            before.size === after.size && [...before].every(([name, bytes]) => after.get(name) === bytes)
          return isSame ? [] : [`slice ${i + 1} was refused, and files changed`]
        }
        const wrong = [...shop.results(output)].filter(([name, text]) => expected[i]!.get(name) !== text)
        if (wrong.length > 0) return [`slice ${i + 1} gave wrong ${wrong.map(([name]) => name).join(', ')}`]
      }
      const isRight = JSON.stringify(rowsOf(output)) === JSON.stringify(rowsByDate)
      return isRight ? [] : ['the manifest counts other rows']
    } finally {
      rmSync(output, { recursive: true })
    }
  }

  function copyOfOutput(): string {
    const output = join(shop.folder, `damaged ${++places}`)
    cpSync(shop.output, output, { recursive: true })
    return output
  }

  /** @returns the code of the error, or what else went wrong */
  async function add(input: string, output: string, mode: 'incremental' | 'full' | 'plain' = 'incremental') {
    const { error } = await runOnce({
      mode,
      inputFolder: input,
      outputFolder: output,
      logFolder: join(shop.folder, 'logs of damages'),
      rules: rulesSchema.parse({}),
      keepRuns: 10,
    })
    return error instanceof KnownError ? error.code : error === undefined ? undefined : String(error)
  }
})

function flip(path: string, at: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= bit
  writeFileSync(path, bytes)
}

/** Some numbers below another, in ascending order. */
function someOf(random: Random, below: number, count: number): number[] {
  const all = Array.from({ length: below }, (_, i) => i)
  return random
    .shuffled(all)
    .slice(0, count)
    .sort((a, b) => a - b)
}
