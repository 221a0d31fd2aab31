import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { type Announcement, isTemporaryName, newAnnouncement, temporaryName } from './announcement.ts'
import { type Field, lookAround, type Seen } from './field.ts'
import { type LockHolder, readHolder } from './holder-file.ts'
import { openLifeFile } from './life-file.ts'
import { knock, listenIn } from './life-socket.ts'
import { cannotLock, lockedBy, lockUnclear } from './lock-errors.ts'
import { makeWorkFolder, removeWorkFolder, workFolder } from './work-folder.ts'

/** How long a run that cannot have the lock waits until it is clear who has it. */
const WAIT_MS = 1000

/** How it is said that a file system has no sockets, or that this process may make none. */
const NO_SOCKETS = ['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL', 'ENOSYS', 'EAFNOSUPPORT', 'ENAMETOOLONG']

/** The lock of an output folder, or the wish for it. */
interface Own {
  readonly name: string
  /** Removes the announcement, then what proves that this process lives, and the work folder if it is empty. */
  end(): void
}

/**
 * Takes the lock of an output folder: one run at a time, among all processes of this kernel that see the folder.
 *
 * Each run first announces itself by a file in the work folder that proves that its process lives; then it looks.
 * It holds the lock as soon as it sees its own announcement and no other. Of two runs, one has looked after both
 * had announced themselves, and an announcement stays until its run has given up: so two can never hold.
 * Nothing else counts for that, neither the time nor what a file says.
 *
 * That one of them gets it: whoever sees an announcement at first does not make one of its own. Of those that
 * made theirs at the same time, the smallest ticket waits until the others are gone, or one of them holds.
 *
 * An announcement of a dead process is removed by anybody, at any time: it was put in place alive and its name is
 * never used again, so it will not come to life.
 *
 * @throws KnownError locked, lock_unclear (retry); cannot_lock, cannot_publish (create)
 */
export async function holdFolder(outputFolder: string): Promise<Own> {
  const folder = workFolder(outputFolder)
  const end = performance.now() + WAIT_MS
  for (;;) {
    const isLate = performance.now() > end
    let isNew = false
    try {
      let { others } = await lookAround(folder, { removesDead: true })
      if (others.length === 0) {
        isNew = makeWorkFolder(outputFolder)
        const own = await announce(outputFolder)
        const met = await meet(outputFolder, own, end)
        if (met === undefined) return own
        own.end()
        others = met
      }
      refuse(outputFolder, others, isLate)
    } catch (cause) {
      const code = errnoName(cause)
      if (code === undefined || cause instanceof KnownError) throw cause
      if (isNew) removeWorkFolder(outputFolder)
      if (isLate || !isPassing(code, outputFolder)) throw cannotLock(folder, code, cause)
    }
    await sleep(20)
  }
}

/**
 * Whether an error comes of another run that has just removed the empty work folder, or what this one had begun
 * to put there. Of a socket, libuv says EACCES then.
 */
function isPassing(code: string, outputFolder: string): boolean {
  if (code !== 'EACCES') return code === 'ENOENT'
  try {
    accessSync(outputFolder, constants.W_OK | constants.X_OK)
    const folder = workFolder(outputFolder)
    if (existsSync(folder)) accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    return errnoName(error) === 'ENOENT'
  }
}

/** Who holds the lock, or may hold it; undefined if nobody does, or it has not said who it is. */
export async function holderOfFolder(outputFolder: string): Promise<LockHolder | undefined> {
  try {
    const { others } = await lookAround(workFolder(outputFolder))
    return namedIn(others, readHolder(outputFolder))
  } catch (error) {
    if (errnoName(error) === undefined) throw error
    return undefined
  }
}

function namedIn(seen: readonly Seen[], holder: LockHolder | undefined): LockHolder | undefined {
  return seen.some(({ name }) => name === holder?.announcement) ? holder : undefined
}

/** Announces this run. @throws the error of the file system */
async function announce(outputFolder: string): Promise<Own> {
  const folder = workFolder(outputFolder)
  const { dev, mode } = statSync(folder, { bigint: true })
  if (process.platform === 'linux') {
    const socket = newAnnouncement('socket', dev)
    try {
      const server = await listenIn(folder, temporaryName(socket), Number(mode))
      return await putInPlace(outputFolder, socket, () => server.close())
    } catch (error) {
      if (!NO_SOCKETS.includes(errnoName(error) ?? '')) throw error
    }
  }
  const file = newAnnouncement('file', dev)
  const close = openLifeFile(join(folder, temporaryName(file)))
  return putInPlace(outputFolder, file, close)
}

/** Gives an announcement that proves itself its name: nobody may see one that does not, and think it dead. */
async function putInPlace(outputFolder: string, announcement: Announcement, close: () => void): Promise<Own> {
  const folder = workFolder(outputFolder)
  const { name } = announcement
  const path = join(folder, name)
  const temporary = join(folder, temporaryName(announcement))
  const own = {
    name,
    end() {
      try {
        rmSync(path, { force: true })
      } catch {
        // Whoever comes next finds it dead.
      }
      close()
      removeWorkFolder(outputFolder)
    },
  }
  try {
    rename(temporary, path)
    if (announcement.kind === 'socket' && (await knock(folder, name)) !== 'lives')
      throw Object.assign(new Error('EOPNOTSUPP: a socket that cannot be reached'), { code: 'EOPNOTSUPP' })
    return own
  } catch (error) {
    rmSync(temporary, { force: true })
    own.end()
    throw error
  }
}

/** By a second name, where there can be one: it cannot take the place of a file. */
function rename(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (errnoName(error) === 'EEXIST') throw error
    renameSync(from, to)
    return
  }
  unlinkSync(from)
}

/** Waits until it is clear whether this run holds the lock. @returns undefined if it does, else who is in the way */
async function meet(outputFolder: string, own: Own, end: number): Promise<readonly Seen[] | undefined> {
  const folder = workFolder(outputFolder)
  for (;;) {
    const field = await lookAround(folder, { own: own.name, removesDead: true })
    const { others } = field
    // Somebody has moved the folder away, or removed what is in it.
    if (!field.isOwnThere) return others
    if (others.length === 0) {
      removeTemporaries(folder, field)
      return undefined
    }
    const isHeld = namedIn(others, readHolder(outputFolder)) !== undefined
    const isBehind = others.some(({ name, isUnclear }) => isUnclear || name < own.name)
    if (isHeld || isBehind || performance.now() > end) return others
    await sleep(10)
  }
}

/** What runs have left that were killed while they announced themselves; one that lives begins again. */
function removeTemporaries(folder: string, { names }: Field): void {
  for (const name of names.filter(isTemporaryName)) {
    try {
      unlinkSync(join(folder, name))
    } catch {
      // It is in nobody's way.
    }
  }
}

/** @throws KnownError locked, lock_unclear (retry), as soon as there is somebody to name */
function refuse(outputFolder: string, seen: readonly Seen[], isLate: boolean): void {
  const named = readHolder(outputFolder)
  const holder = seen.find(({ name }) => name === named?.announcement)
  if (holder?.isUnclear === false) throw lockedBy(outputFolder, named)
  const unclear = seen.filter(({ isUnclear }) => isUnclear)
  if (unclear.length > 0) {
    const rival = holder === undefined ? rivalOf(unclear[0]!) : named!
    throw lockUnclear(
      outputFolder,
      rival,
      unclear.map(({ name }) => name),
    )
  }
  if (isLate) throw lockedBy(outputFolder, seen[0] === undefined ? undefined : rivalOf(seen[0]))
}

function rivalOf({ pid, host, madeAt }: Seen) {
  return { pid, host, started_at: madeAt.toISOString() }
}
