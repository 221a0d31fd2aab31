import { lstatSync, readdirSync, statSync, unlinkSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { type Announcement, deviceName, parseAnnouncement } from './announcement.ts'
import { signOfFile } from './life-file.ts'
import { knock, type Sign } from './life-socket.ts'
import { isOnLocalFileSystem } from './local-file-system.ts'
import { isStillAlive, thisProcess } from './process-facts.ts'

export type Verdict = 'lives' | 'dead' | 'unclear'

/** An announcement whose process is not known to be dead. */
export interface Seen extends Announcement {
  readonly isUnclear: boolean
  /** When it was made, by the clock of the file system. */
  readonly madeAt: Date
}

export interface Field {
  readonly others: readonly Seen[]
  /** Whether others can see the announcement of this process. */
  readonly isOwnThere: boolean
  /** All names in the work folder. */
  readonly names: readonly string[]
}

export interface LookOptions {
  /** The announcement of this process, which is not asked. */
  readonly own?: string | undefined
  /** Whether what dead processes have left is removed. */
  readonly removesDead?: boolean
}

/**
 * Looks who has, or wants, an output folder. Anything else under such names (folders, links, pipes) is neither
 * followed nor touched.
 *
 * @throws the error of the file system, if the folder is there and cannot be read
 */
export async function lookAround(
  folder: string,
  { own, removesDead = false }: LookOptions = {},
): Promise<Field> {
  const names = namesIn(folder)
  const others: Seen[] = []
  let around: Surroundings | undefined
  for (const name of names) {
    const announcement = parseAnnouncement(name)
    if (announcement === undefined) continue
    const path = join(folder, name)
    const status = lstatSync(path, { throwIfNoEntry: false })
    if (status === undefined) continue
    if (announcement.kind === 'socket' ? !status.isSocket() : !status.isFile()) continue
    if (name === own) continue
    const found = { ...announcement, madeAt: status.mtime }
    const sign = announcement.kind === 'socket' ? await knock(folder, name) : signOfFile(path)
    if (sign === 'gone') continue
    if (sign !== 'lives') around ??= surroundings(folder)
    const verdict = around === undefined ? 'lives' : judge(found, sign, around)
    if (verdict !== 'dead') others.push({ ...found, isUnclear: verdict === 'unclear' })
    else if (removesDead) removeDead(path)
  }
  // Looked at last: if the folder was moved away meanwhile, the others were not all seen.
  const isOwnThere = own !== undefined && names.includes(own) && isThere(join(folder, own))
  return { others, names, isOwnThere }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function namesIn(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : []
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoName(error) ?? '')) return []
    throw error
  }
}

/** A name is never given again, so this cannot strike another process. */
function removeDead(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It does not hold the lock, wherever it lies.
  }
}

export interface Surroundings {
  /** Whether processes of this kernel alone can be at work in the folder. */
  readonly isLocal: boolean
  readonly device: string
  readonly kernelBegan: number
}

function surroundings(folder: string): Surroundings {
  return {
    isLocal: isOnLocalFileSystem(folder),
    device: deviceName(statSync(folder, { bigint: true }).dev),
    kernelBegan: Date.now() - uptime() * 1000,
  }
}

/**
 * Judges an announcement by the sign of life that it gave. A kernel knows all sockets of its own processes,
 * whatever their namespaces; so one that is silent is dead if it is of this kernel, and was reached by the same
 * mount. One of another kernel is dead only if it is from before a restart of this machine.
 */
export function judge(
  one: Announcement & { readonly madeAt: Date },
  sign: Exclude<Sign, 'gone'>,
  { isLocal, device, kernelBegan }: Surroundings,
): Verdict {
  if (sign === 'lives') return 'lives'
  const isOfThisKernel = one.kernel === thisProcess().kernel
  if (sign === 'silent' && isOfThisKernel && (isLocal || one.device === device)) return 'dead'
  if (isLocal && !isOfThisKernel && one.madeAt.getTime() < kernelBegan) return 'dead'
  const isAlive = isStillAlive(one)
  if (isAlive === undefined) return 'unclear'
  return isAlive ? 'lives' : 'dead'
}
