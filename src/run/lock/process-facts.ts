import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isProcessAlive } from '../../lib/process-alive.ts'

/** Which process of which kernel; the number of a process alone is given again to others. */
export interface ProcessFacts {
  /** The same for all processes of one kernel, in containers too; another one after a restart. */
  readonly kernel: string
  /** The namespace in which the process has its number; '0' if that is not known. */
  readonly space: string
  readonly pid: number
  /** When it began, in ticks of the kernel; '0' if that is not known. */
  readonly start: string
}

let known: ProcessFacts | undefined

/** This process. */
export function thisProcess(): ProcessFacts {
  known ??= process.platform === 'linux' ? onLinux() : elsewhere()
  return known
}

function onLinux(): ProcessFacts {
  try {
    // Without a /proc of its own, a container sees there the processes of another namespace.
    if (readlinkSync('/proc/self') !== String(process.pid)) return elsewhere(kernelOfLinux())
    return {
      kernel: kernelOfLinux(),
      space: Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0]).toString(36),
      pid: process.pid,
      start: statOf(process.pid)!.start,
    }
  } catch {
    return elsewhere()
  }
}

function kernelOfLinux(): string {
  return shortHash(readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'))
}

function elsewhere(kernel = shortHash(hostname())): ProcessFacts {
  return { kernel, space: '0', pid: process.pid, start: '0' }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** Whether a process still is the one that it was; undefined if that cannot be seen from here. */
export function isStillAlive(one: ProcessFacts): boolean | undefined {
  const own = thisProcess()
  if (one.kernel !== own.kernel || one.space !== own.space) return undefined
  if (process.platform !== 'linux') return isProcessAlive(one.pid)
  if (own.space === '0') return undefined
  const stat = statOf(one.pid)
  // Processes of other users can be hidden in /proc; then the number alone must do.
  if (stat === undefined) return isProcessAlive(one.pid)
  return stat.start === one.start && stat.state !== 'Z' && stat.state !== 'X'
}

/** State and start from /proc/<pid>/stat: fields 3 and 22 of proc(5), counted after the name in brackets. */
function statOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, start: Number(fields[19]).toString(36) }
  } catch {
    return undefined
  }
}
