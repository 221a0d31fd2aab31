import { readFileSync } from 'node:fs'

/**
 * The most memory that this process held so far, of all its threads.
 *
 * On Linux from /proc: what the operating system counts as `maxRSS` begins with the size of the process that started
 * this one, be it a notebook or an orchestrator of several gigabytes.
 *
 * @returns bytes
 */
export function peakMemoryBytes(): number {
  return highWaterMark() ?? process.resourceUsage().maxRSS * 1024
}

function highWaterMark(): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  } catch {
    // Without /proc, or without a free file descriptor.
    return undefined
  }
}
