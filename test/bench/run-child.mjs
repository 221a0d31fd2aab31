import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { usageOf } from './process-usage.mjs'

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {readonly string[]} args
 * @property {string} folder where it runs
 */

/**
 * @typedef {object} Run
 * @property {string | undefined} failure why it did not end well
 * @property {number} seconds wall clock, from the spawn to the end
 * @property {number | undefined} peakBytes most resident memory; Linux only
 * @property {number | undefined} cpuSeconds Linux only
 * @property {number | undefined} others cores that everything else on the machine kept busy; Linux only
 */

/** How often a child is looked at. What it grows after the last look is missed, but then it is ending. */
const LOOK_EVERY_MS = 20

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Runs a command to its end and measures it from outside, so that nothing is added to what it does. What it
 * prints is thrown away, but for the end of its stderr, which says why it failed.
 *
 * @param {Command} command
 * @param {number} timeout seconds
 * @returns {Promise<Run>}
 */
export function runChild({ program, args, folder }, timeout) {
  const busyBefore = busySeconds()
  const ownBefore = process.cpuUsage()
  const start = performance.now()
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true })
  running.add(child)
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, timeout * 1000)
  /** @type {Pick<Run, 'peakBytes' | 'cpuSeconds'>} */
  const usage = { peakBytes: undefined, cpuSeconds: undefined }
  const look = () => {
    const now = child.pid === undefined ? undefined : usageOf(child.pid)
    if (now === undefined) return
    usage.peakBytes = Math.max(usage.peakBytes ?? 0, now.peakBytes)
    usage.cpuSeconds = Math.max(usage.cpuSeconds ?? 0, now.cpuSeconds)
  }
  const looking = setInterval(look, LOOK_EVERY_MS)
  look()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-4000)
  })
  let seconds = 0
  child.on('exit', () => {
    seconds = (performance.now() - start) / 1000
  })
  return new Promise((resolve) => {
    /** @param {string | undefined} failure */
    const end = (failure) => {
      clearTimeout(late)
      clearInterval(looking)
      running.delete(child)
      const own = process.cpuUsage(ownBefore)
      const counted = (usage.cpuSeconds ?? Number.NaN) + (own.user + own.system) / 1e6
      const others = Math.max(0, busySeconds() - busyBefore - counted) / seconds
      resolve({ failure, seconds, ...usage, others: Number.isFinite(others) ? others : undefined })
    }
    child.on('error', (error) => end(`not started: ${error.message}`))
    child.on('close', (code, signal) => {
      if (isLate) end(`not done after ${timeout} s`)
      else if (code === 0) end(undefined)
      else end(`${howItEnded(code, signal)}${lastWords(stderr)}`)
    })
  })
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function howItEnded(code, signal) {
  if (signal === null && code !== 134) return `exit code ${code}`
  const name = signal ?? 'SIGABRT'
  const isMemory = name === 'SIGKILL' || name === 'SIGABRT'
  return `ended by ${name}${isMemory ? ', as for want of memory' : ''}`
}

/** The line of stderr that says most: the one that names an error, or else the last. @param {string} stderr */
function lastWords(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const line = lines.findLast((one) => /error|memory/i.test(one)) ?? lines.at(-1)
  return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`
}

/** Processor time that the whole machine has used since its start. */
function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}
