import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { shopDays } from './shop-days.ts'
import { type Ran, SliceWorkspace } from './slice-workspace.ts'
import type { Ended } from './workspace.ts'

const page = readFileSync(new URL('../../docs/customising.md', import.meta.url), 'utf8')

/**
 * The first three dates of the shop, published with a history: what most tests of incremental runs begin with.
 * Made once, and copied for each test.
 */
export class PublishedDays extends SliceWorkspace {
  /** Publishes the three dates; removed with `dispose`. */
  static async make(): Promise<PublishedDays> {
    const base = new PublishedDays()
    try {
      expectDone(await base.add(base.slice(shopDays(1, 2, 3))))
      return base
    } catch (error) {
      base.dispose()
      throw error
    }
  }

  /** A private folder in which the same is published. */
  copy(): PublishedDays {
    const shop = new PublishedDays()
    for (const folder of ['output', 'logs'] as const)
      cpSync(this[folder], shop[folder], { recursive: true, preserveTimestamps: true })
    return shop
  }

  /** Writes the settings file that all further runs in this folder read. */
  writeSettings(settings: object): void {
    writeFileSync(join(this.folder, 'ecomagg.config.json'), JSON.stringify(settings))
  }

  /** Writes the files of a worked example of docs/customising.md. */
  writeExample(name: string): void {
    const files = [...page.matchAll(/<!-- example: (\S+?)\/(\S+) -->\n```\w+\n([\s\S]*?)```/g)]
    const own = files.filter((match) => match[1] === name)
    if (own.length === 0) throw new Error(`the page has no example ${name}`)
    for (const [, , file, text] of own) writeFileSync(join(this.folder, file!), text!)
  }

  /** What a plain run over these dates gives, in this workspace with its settings file. */
  plainResultsOf(days: readonly number[], ...args: string[]): Promise<Map<string, string>> {
    return this.plainResults(this.slice(shopDays(...days)), args)
  }

  /** Compares the set with a full run over these dates, by `ecomagg verify`. */
  verifyAgainstDays(days: readonly number[], ...args: string[]): Promise<Ended> {
    return this.verifyAgainst(this.slice(shopDays(...days)), ...args)
  }

  /** The same, with a full run over the raw tables of a folder. */
  verifyAgainst(raw: string, ...args: string[]): Promise<Ended> {
    return this.ecomagg(['verify', '--incremental', '--raw', raw, '--output', this.output, ...args])
  }
}

/** Gives each test of a file a copy of its own of the three published dates, and removes it after the test. */
export function eachWithPublishedDays(take: (shop: PublishedDays) => void): void {
  let base: PublishedDays | undefined
  let copy: PublishedDays | undefined
  beforeAll(async () => {
    base = await PublishedDays.make()
  })
  beforeEach(() => {
    copy = base!.copy()
    take(copy)
  })
  afterEach(() => copy?.dispose())
  afterAll(() => base?.dispose())
}

/** Expects a run that published its set without a word on stderr. */
export function expectDone(ran: Ran): void {
  expectEnd(ran, 'published')
}

/** Expects a run that found its set published already. */
export function expectUnchanged(ran: Ran): void {
  expectEnd(ran, 'unchanged')
}

function expectEnd(ran: Ran, status: string): void {
  expect([ran.exit, ran.stderr]).toEqual([0, ''])
  expect(ran.record.status).toBe(status)
}

/**
 * Expects a refusal that leaves every byte of the output folder as it was.
 *
 * @returns the message of the error with its hint
 */
export async function expectRefused(
  shop: SliceWorkspace,
  work: () => Promise<Ran>,
  exit: number,
  code: string,
): Promise<string> {
  const before = shop.everything()
  const ran = await work()
  expect([ran.exit, ran.record.error?.code], ran.stderr).toEqual([exit, code])
  expect(ran.stdout).toBe('')
  expect([...shop.everything()]).toEqual([...before])
  return `${ran.record.error!.message} ${ran.record.error!.hint}`
}
