import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { type ProcessFacts, thisProcess } from './process-facts.ts'

/**
 * socket: a listening socket, which the kernel answers for as long as its process lives.
 * file: a file that its process has opened exclusively (macOS, BSD), or that only names its process.
 */
export type AnnouncementKind = 'socket' | 'file'

/** What the name of a file in the work folder says of the run that has, or wants, the output folder. */
export interface Announcement extends ProcessFacts {
  readonly name: string
  readonly kind: AnnouncementKind
  /** Among runs that want the folder at the same time, the smaller one wins. It is never used again. */
  readonly ticket: string
  /** The number that the file system had for this process; two mounts of a network share have two. */
  readonly device: string
  /** The name of the machine or container, as far as it fits. */
  readonly host: string
}

const NAME =
  /^lock-([0-9a-f]{10})-([0-9a-f]{8})-([0-9a-z]{1,13})-([0-9a-z]{1,7})-([1-9][0-9]{0,9})-([0-9a-z]{1,11})-([\w.-]{0,20})\.(socket|file)$/

const TEMPORARY = /^lock-[0-9a-f]{10}\.tmp$/

export function parseAnnouncement(name: string): Announcement | undefined {
  const match = NAME.exec(name)
  if (match === null) return undefined
  const [, ticket, kernel, device, space, pid, start, host, kind] = match as unknown as [string, ...string[]]
  return {
    name,
    ticket: ticket!,
    kernel: kernel!,
    device: device!,
    space: space!,
    pid: Number(pid),
    start: start!,
    host: host!,
    kind: kind as AnnouncementKind,
  }
}

/** A new announcement of this process, for a folder on that device. */
export function newAnnouncement(kind: AnnouncementKind, device: bigint): Announcement {
  const ticket = randomBytes(5).toString('hex')
  const { kernel, space, pid, start } = thisProcess()
  const host = hostname()
    .replace(/[^\w.-]/g, '_')
    .slice(0, 20)
  const name = `lock-${ticket}-${kernel}-${deviceName(device)}-${space}-${pid}-${start}-${host}.${kind}`
  return parseAnnouncement(name)!
}

export function deviceName(device: bigint): string {
  return process.platform === 'linux' ? device.toString(36) : '0'
}

/** What an announcement is called until it can be asked. */
export function temporaryName({ ticket }: Announcement): string {
  return `lock-${ticket}.tmp`
}

export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name)
}
