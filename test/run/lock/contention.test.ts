import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { builtModules } from '../../support/built-modules.ts'
import { cases } from '../../support/effort.ts'
import { Random } from '../../support/random.ts'

const modules = await builtModules()
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PROCESSES = 6
const SECONDS = cases(3, 8)

/** Takes the lock and gives it back as often as it can; `inside` must never be there before it comes. */
const script = `
  import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
  import { takeLock } from '${modules}/lock.js'
  const inside = process.argv[2] + '.inside'
  const told = { got: 0, refused: 0, wrong: [] }
  const sleep = (most) => new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)))
  const isThere = (pid) => {
    try {
      return !/\\) [ZX] /.test(readFileSync('/proc/' + pid + '/stat', 'latin1'))
    } catch {
      return false
    }
  }
  const isThereFor = async (pid, ms) => isThere(pid) && (await sleep(ms), isThere(pid))
  const end = Date.now() + ${SECONDS * 1000}
  while (Date.now() < end) {
    try {
      const now = new Date().toISOString()
      const lock = await takeLock(process.argv[2], { pid: process.pid, host: 'h', run_id: 'r', started_at: now })
      let before
      try { before = readFileSync(inside, 'utf8') } catch {}
      // A process that is killed has lost the lock a moment before it is gone.
      if (before && (await isThereFor(before, 200))) told.wrong.push('two are inside')
      writeFileSync(inside, String(process.pid))
      await sleep(4)
      if (readFileSync(inside, 'utf8') !== String(process.pid)) told.wrong.push('another came inside')
      unlinkSync(inside)
      lock.release()
      told.got++
    } catch (error) {
      if (error.code === 'locked') told.refused++
      else told.wrong.push(String(error.stack))
    }
    await sleep(8)
  }
  console.log(JSON.stringify(told))
`

const toldSchema = z.object({ got: z.number(), refused: z.number(), wrong: z.array(z.string()) })

test.skipIf(process.platform !== 'linux')(
  'of many that come and go, and are killed at any moment, one is inside at a time',
  async () => {
    const random = new Random(4711)
    const file = join(folder, 'script.mjs')
    writeFileSync(file, script)
    const output = join(folder, 'output')
    mkdirSync(output)
    const told: z.infer<typeof toldSchema>[] = []
    const errors: string[] = []
    const start = (): { child: ChildProcess; ended: Promise<void> } => {
      const child = spawn(process.execPath, [file, output], { stdio: ['ignore', 'pipe', 'pipe'] })
      let text = ''
      child.stdout.on('data', (data) => (text += data))
      child.stderr.on('data', (data) => errors.push(String(data)))
      const ended = new Promise<void>((resolve) => {
        child.once('close', () => {
          if (text !== '') told.push(toldSchema.parse(JSON.parse(text)))
          resolve()
        })
      })
      return { child, ended }
    }
    const started = Array.from({ length: PROCESSES }, start)
    const end = Date.now() + SECONDS * 1000
    while (Date.now() < end - 1000) {
      await new Promise((resolve) => setTimeout(resolve, random.whole(50, 300)))
      const one = random.whole(0, PROCESSES - 1)
      started[one]!.child.kill('SIGKILL')
      await started[one]!.ended
      started[one] = start()
    }
    await Promise.all(started.map(({ ended }) => ended))
    expect(errors).toEqual([])
    expect(told).toHaveLength(PROCESSES)
    expect(told.flatMap(({ wrong }) => wrong)).toEqual([])
    const sum = (what: 'got' | 'refused') => told.reduce((total, one) => total + one[what], 0)
    expect(sum('got')).toBeGreaterThan(20)
    console.info(`the lock was taken ${sum('got')} times and refused ${sum('refused')} times`)
  },
)
