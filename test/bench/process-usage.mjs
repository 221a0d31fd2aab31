import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts processor time in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100

/**
 * What a process has used so far, with all its threads and with the processes it started.
 *
 * @typedef {object} Usage
 * @property {number} peakBytes most resident memory
 * @property {number} cpuSeconds
 */

/**
 * @param {number} pid
 * @returns {Usage | undefined} undefined once it has ended, or not on Linux
 */
export function usageOf(pid) {
  if (process.platform !== 'linux') return undefined
  const tree = withDescendants(pid)
  const [first] = tree
  if (first === undefined) return undefined
  // VmHWM starts anew with the program; ru_maxrss would still hold the size of the process that forked it.
  const together = tree.reduce((sum, { resident }) => sum + resident, 0)
  return {
    peakBytes: Math.max(first.peak, together),
    cpuSeconds: tree.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  }
}

/** @param {number} pid @returns {ReturnType<typeof processUsage>[]} the process itself first */
function withDescendants(pid) {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return [processUsage(pid), ...children.flatMap(withDescendants)]
  } catch {
    // It, or one of its threads, ended meanwhile.
    return []
  }
}

/** @param {number} pid */
function processUsage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  // The name in parentheses may hold spaces; fields are counted behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  // Of itself, and of its children that have ended; each for user and system.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return {
    peak: bytesOf(status, 'VmHWM'),
    resident: bytesOf(status, 'VmRSS'),
    cpuSeconds: ticks / TICKS_PER_SECOND,
  }
}

/**
 * @param {string} status
 * @param {string} name
 * @returns {number} bytes
 * @throws {Error} a process that is ending has no memory any more
 */
function bytesOf(status, name) {
  const found = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]
  if (found === undefined) throw new Error(`no ${name}`)
  return Number(found) * 1024
}
