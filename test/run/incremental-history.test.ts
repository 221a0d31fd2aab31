import { createHmac } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inShell, run } from '../faults/commands.ts'
import {
  eachWithPublishedDays,
  expectDone,
  expectRefused,
  type PublishedDays,
} from '../support/published-days.ts'
import { addressOfDay, shopDays } from '../support/shop-days.ts'
import { bytesBelow } from '../support/slice-workspace.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

describe('what is kept', () => {
  const addresses = [1, 2, 3, 4].map(addressOfDay)
  const everythingKept = () => [...bytesBelow(shop.history).values()].join('\n')

  test('holds no address, also where addresses are filtered', async () => {
    shop.writeSettings({ filters: { ips: [addressOfDay(2)] } })
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3)), ['--full']))
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
    const kept = everythingKept()
    // The setting itself is kept, in the state file, unless filters are hidden.
    const days = [...bytesBelow(shop.history)].filter(([name]) => name.endsWith('.bin'))
    expect(days.length).toBeGreaterThan(1)
    for (const [, bytes] of days) expect(addresses.filter((one) => bytes.includes(one))).toEqual([])
    expect(addresses.filter((one) => kept.includes(one) && one !== addressOfDay(2))).toEqual([])
    expect(kept).toContain('alpha-3')
    // No table reads the city either.
    expect(kept).not.toContain(Buffer.from('Köln').toString('latin1'))
  })

  test('holds hashed ids alone where ids are hashed', async () => {
    const env = { ECOMAGG_HASH_KEY: 'correct horse battery staple' }
    shop.writeSettings({ privacy: { hashIds: ['user_id', 'session_id', 'order_id'] } })
    expect((await shop.run(shop.slice(shopDays(1, 2, 3)), ['--full'], env)).exit).toBe(0)
    expect((await shop.run(shop.slice(shopDays(4)), ['--incremental'], env)).exit).toBe(0)
    const kept = everythingKept()
    const ids = ['customer-one', 'visitor-4', 'alpha-1', 'beta-4', 'order-a1', 'order-b4']
    expect(ids.filter((id) => kept.includes(id))).toEqual([])
    for (const id of ids) {
      const hash = createHmac('sha256', env.ECOMAGG_HASH_KEY).update(id).digest('hex')
      expect(kept, id).toContain(hash)
    }
    const other = { ECOMAGG_HASH_KEY: 'another key that is long enough' }
    const said = await expectRefused(
      shop,
      () => shop.run(shop.slice(shopDays(5)), ['--incremental'], other),
      78,
      'history_rules_changed',
    )
    expect(said).toContain('key')
  })

  test.each(['000', '022', '077'])('is not for everybody to read (umask %s)', async (umask) => {
    rmSync(shop.output, { recursive: true })
    for (const day of [1, 2]) {
      const folders = [
        `--input=${shop.slice(shopDays(day))}`,
        `--output=${shop.output}`,
        `--log-dir=${shop.logs}`,
      ]
      const by = inShell(`umask ${umask}; exec "$@"`)
      const ended = await run(['process', '--incremental', ...folders], { cwd: shop.folder, by })
      expect(ended.exit, ended.stderr).toBe(0)
    }
    expect(shop.historyFiles()).toContain('state.json')
    for (const name of ['', ...shop.historyFiles()])
      expect(statSync(join(shop.history, name)).mode & 0o027, name).toBe(0)
  })

  test('leaves no file that nothing refers to', async () => {
    expectDone(await shop.add(shop.slice(shopDays(1, 2, 3, 4))))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    const files = shop.historyFiles()
    const state = readFileSync(join(shop.history, 'state.json'), 'utf8')
    expect(files.filter((name) => name !== 'state.json' && !state.includes(name))).toEqual([])
    expect(files.filter((name) => name.endsWith('.bin')).length).toBe(2)
  })

  test('stays beside files of somebody else, which stay too', async () => {
    writeFileSync(join(shop.output, 'notes.txt'), 'mine\n')
    mkdirSync(join(shop.output, 'own folder'))
    writeFileSync(join(shop.output, 'own folder', 'days-1.bin'), 'mine too\n')
    writeFileSync(join(shop.history, 'README'), 'mine as well\n')
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    const files = shop.everything()
    expect(files.get('notes.txt')).toBe('mine\n')
    expect(files.get('own folder/days-1.bin')).toBe('mine too\n')
    expect(files.get('.ecomagg/history/README')).toBe('mine as well\n')
  })
})
