import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

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
 * @property {number | undefined} peakBytes most resident memory of the process with its threads; Linux only
 * @property {number | undefined} cpuSeconds of all its threads; Linux only
 * @property {number | undefined} others cores that everything else on the machine kept busy; Linux only
 */

/** How often a child is looked at. What it grows after the last look is missed, but then it is ending. */
const LOOK_EVERY_MS = 20

/** The kernel counts processor time in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100

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
  let usage = { peakBytes: undefined, cpuSeconds: undefined }
  const look = () => {
    usage = usageOf(child.pid) ?? usage
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

/**
 * @param {number | undefined} pid
 * @returns {Pick<Run, 'peakBytes' | 'cpuSeconds'> | undefined} undefined once it has ended, or not on Linux
 */
function usageOf(pid) {
  if (process.platform !== 'linux' || pid === undefined) return undefined
  try {
    // VmHWM starts anew with the program; ru_maxrss would still hold the size of the process that forked it.
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    if (peak === undefined) return undefined
    // The name in parentheses may hold spaces; fields are counted behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')
    const fields = stat.split(' ')
    return {
      peakBytes: Number(peak) * 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    }
  } catch {
    return undefined
  }
}

/** Processor time that the whole machine has used since its start. */
function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}
