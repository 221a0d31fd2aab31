import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chosen } from '../support/effort.ts'
import { Bench, expectNew, expectOld, type Place } from './bench.ts'
import { plainUser, until } from './commands.ts'
import { LAST_READ } from './shop.ts'

let quick: Bench
let slow: Bench
const asPlainUser = plainUser()

beforeAll(async () => {
  quick = await Bench.make()
  slow = await Bench.make({ next: { variety: 2, sessions: 16, extraPageviews: 250_000 } })
})

afterAll(() => {
  quick?.dispose()
  slow?.dispose()
})

describe('an input that cannot be opened: exit 66, at once, and nothing changes', () => {
  type Making = (path: string, place: Place) => void

  const faults: readonly (readonly [string, Making])[] = [
    ['is missing', (path) => rmSync(path)],
    ['is a folder', (path) => replaced(path, () => mkdirSync(path))],
    ['is a FIFO that nobody writes to', (path) => replaced(path, () => execFileSync('mkfifo', [path]))],
    ['is a device', (path) => replaced(path, () => symlinkSync('/dev/zero', path))],
    ['is a device that is empty', (path) => replaced(path, () => symlinkSync('/dev/null', path))],
    [
      'is a link to nowhere',
      (path, place) => replaced(path, () => symlinkSync(join(place.folder, 'gone'), path)),
    ],
    ['is a link to itself', (path) => replaced(path, () => symlinkSync(path, path))],
    ['is a terminal or nothing', (path) => replaced(path, () => symlinkSync('/dev/tty', path))],
  ]

  test.each(faults)('it %s', async (_, make) => {
    const place = quick.place()
    const path = join(place.ownInput(), 'scroll_table.csv')
    make(path, place)
    await expectRefused(place, [path])
    place.dispose()
  })

  test('it is a socket', async () => {
    const place = quick.place()
    const path = join(place.ownInput(), 'scroll_table.csv')
    rmSync(path)
    const server = createServer().listen(path)
    await new Promise((resolve) => server.once('listening', resolve))
    await expectRefused(place, [path])
    server.close()
    place.dispose()
  })

  test('a FIFO that somebody has opened for writing', async () => {
    const place = quick.place()
    const path = join(place.ownInput(), 'scroll_table.csv')
    replaced(path, () => execFileSync('mkfifo', [path]))
    const fd = openSync(path, 'r+')
    writeSync(fd, 'event_id\n')
    await expectRefused(place, [path])
    closeSync(fd)
    place.dispose()
  })

  test('all of them at once, whatever is wrong with each', async () => {
    const place = quick.place()
    const own = place.ownInput()
    const paths = readdirSync(own)
      .sort()
      .map((name) => join(own, name))
    expect(paths).toHaveLength(8)
    const makings = faults.map(([, make]) => make)
    for (const [i, path] of paths.entries()) makings[i % makings.length]!(path, place)
    await expectRefused(place, paths)
    place.dispose()
  })

  test('the input folder is missing, empty, or a file', async () => {
    const place = quick.place()
    for (const input of ['missing', 'empty', 'file']) {
      place.input = join(place.folder, input)
      if (input === 'empty') mkdirSync(place.input)
      if (input === 'file') writeFileSync(place.input, '')
      const ended = await place.process()
      expect(ended.exit, ended.stderr).toBe(66)
      expect(ended.stderr).toContain(place.input)
      expectOld(place, ended)
    }
    place.dispose()
  })

  test.skipIf(asPlainUser === undefined)('it may not be read, nor may its folder', async () => {
    const by = asPlainUser ?? []
    const place = quick.place()
    const own = place.ownInput()
    place.giveToPlainUser()
    const path = join(own, 'order_table.csv')
    chmodSync(path, 0o000)
    await expectRefused(place, [path], by)
    chmodSync(path, 0o600)
    chmodSync(own, 0o000)
    await expectRefused(place, [own], by)
    chmodSync(own, 0o755)
    place.dispose()
  })

  function replaced(path: string, make: () => void): void {
    rmSync(path)
    make()
  }

  /** Expects a refusal that names all of these; a run that hangs is ended by `place.process` and fails here. */
  async function expectRefused(
    place: Place,
    paths: readonly string[],
    by: readonly string[] = [],
  ): Promise<void> {
    const ended = await place.process([], { by })
    expect(ended.exit, ended.stderr).toBe(66)
    expect(
      paths.filter((path) => !ended.stderr.includes(path)),
      ended.stderr,
    ).toEqual([])
    expect(ended.stderr).not.toContain('unexpected')
    expectOld(place, ended)
    expect(place.lastRecord().status).toBe('failed')
  }
})

describe.skipIf(process.platform !== 'linux')(
  'an input that changes while it is read: exit 75, nothing changes',
  () => {
    type Change = (path: string, place: Place) => void

    const changes: readonly (readonly [string, Change])[] = [
      ['is appended to by a whole row', (path) => appendFileSync(path, `${lastLine(path)}\n`)],
      ['is appended to by half a row', (path) => appendFileSync(path, 'half')],
      ['is appended to by a quote that never closes', (path) => appendFileSync(path, 'x,"')],
      ['loses its last row', (path) => truncateSync(path, statSync(path).size - lastLine(path).length - 1)],
      ['is cut within a row', (path) => truncateSync(path, statSync(path).size - 3)],
      ['is emptied', (path) => truncateSync(path, 0)],
      ['is replaced by the same', (path) => exchanged(path, readFileSync(path))],
      ['is replaced by another of the same size', (path) => exchanged(path, swapped(readFileSync(path)))],
      [
        'is overwritten in place with the same size',
        (path) => writeFileSync(path, swapped(readFileSync(path))),
      ],
      [
        'is overwritten in place by what is no CSV',
        (path) => writeFileSync(path, '"a" b\n'.repeat(Math.ceil(statSync(path).size / 6))),
      ],
      ['is removed', (path) => rmSync(path)],
      ['is replaced by a folder', (path) => exchangedByFolder(path)],
      ['is replaced by a FIFO', (path) => exchangedByFifo(path)],
    ]

    // The file being read, one that has not yet been read, and both.
    describe.each([['pageview_table.csv'], [LAST_READ]])('%s', (name) => {
      // By default each way is tried on one of the two files.
      const tried = chosen(changes, (_, i) => (i % 2 === 0) === (name === LAST_READ))
      test.each(tried)('%s', async (_, change) => {
        const place = slow.place()
        const path = join(place.ownInput(), name)
        await expectChangeSeen(place, [path], () => change(path, place))
        place.dispose()
      })
    })

    test('a new export takes the place of all eight', async () => {
      const place = slow.place()
      const own = place.ownInput()
      const paths = readdirSync(own).map((file) => join(own, file))
      await expectChangeSeen(place, [], () => {
        for (const path of paths) exchanged(path, swapped(readFileSync(path)))
      })
      place.dispose()
    })

    test.each([
      ['is appended to', (path: string) => appendFileSync(path, gzipSync('x'))],
      ['is appended to by no gzip', (path: string) => appendFileSync(path, 'x')],
      ['is cut', (path: string) => truncateSync(path, statSync(path).size - 100)],
      ['is overwritten in place', (path: string) => writeFileSync(path, gzipSync('"a" b\n'.repeat(1000)))],
    ])('gzip that %s', async (_, change) => {
      const place = slow.place()
      const plain = join(place.ownInput(), LAST_READ)
      const path = `${plain}.gz`
      writeFileSync(path, gzipSync(readFileSync(plain)))
      rmSync(plain)
      await expectChangeSeen(place, [path], () => change(path))
      place.dispose()
    })

    test('nobody changes anything: the pause alone is no obstacle', async () => {
      const place = slow.place()
      place.ownInput()
      const run = place.start()
      await stopWhileReading(run.pid, place)
      process.kill(run.pid, 'SIGCONT')
      expectNew(place, await run.ended)
      place.dispose()
    })

    test('a file beside the inputs changes: no obstacle', async () => {
      const place = slow.place()
      const own = place.ownInput()
      const run = place.start()
      await stopWhileReading(run.pid, place)
      writeFileSync(join(own, 'notes.csv'), 'x')
      process.kill(run.pid, 'SIGCONT')
      expectNew(place, await run.ended)
      place.dispose()
    })

    /** Stops a run while it reads the pageviews, changes something, and lets it go on. */
    async function expectChangeSeen(
      place: Place,
      named: readonly string[],
      change: () => void,
    ): Promise<void> {
      const run = place.start()
      await stopWhileReading(run.pid, place)
      change()
      process.kill(run.pid, 'SIGCONT')
      const ended = await run.ended
      expect(ended.exit, ended.stderr).toBe(75)
      for (const path of named) expect(ended.stderr).toContain(path)
      expectOld(place, ended)
      expect(place.status()).toBe('failed')
      place.input = slow.input
      expect(await place.brokenCleanRun()).toEqual([])
    }
  },
)

/** Suspends a run that has opened its inputs and is in the midst of the pageviews. */
async function stopWhileReading(pid: number, place: Place): Promise<void> {
  await until('a run that has opened its inputs', () => openInputs(pid, place) === 8)
  const begun = bytesRead(pid)
  await until('a run that has read its headers and some rows', () => bytesRead(pid) > begun + 3 * 2 ** 20)
  process.kill(pid, 'SIGSTOP')
  await until('a run that stands still', () =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
  )
  const size = statSync(join(place.input, 'pageview_table.csv')).size
  expect(openInputs(pid, place), 'the inputs must still be open').toBe(8)
  expect(bytesRead(pid) - begun, 'this machine is too fast for this test: it needs more rows').toBeLessThan(
    size,
  )
}

/** All bytes that a process has read so far, from whatever file. */
function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1])
}

function openInputs(pid: number, place: Place): number {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).filter((fd) => linkOf(join(folder, fd)).startsWith(`${place.input}/`)).length
  } catch {
    return 0
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function lastLine(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)!
}

/** Puts a new file under the name of an old one, as exports do that write elsewhere and rename. */
function exchanged(path: string, content: Buffer): void {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}

function exchangedByFolder(path: string): void {
  rmSync(path)
  mkdirSync(path)
}

function exchangedByFifo(path: string): void {
  rmSync(path)
  execFileSync('mkfifo', [path])
}

/** The same rows but for one digit. */
function swapped(content: Buffer): Buffer {
  const copy = Buffer.from(content)
  const at = copy.lastIndexOf('0')
  copy[at] = '1'.charCodeAt(0)
  return copy
}
