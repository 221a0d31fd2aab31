import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readRegular } from '../../lib/files/regular-file.ts'
import { isProcessAlive } from '../../lib/process-alive.ts'
import { makeWorkFolder, removeWorkFolder, workFolder } from './work-folder.ts'

/** Who holds the lock, for the message to others; the lock itself is the operating system's. */
const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  run_id: z.string(),
  started_at: z.string(),
})
export type LockHolder = z.infer<typeof holderSchema>

export interface RunLock {
  /** The holder before, if it ended without giving the lock back: killed, or out of memory. */
  readonly died: LockHolder | undefined
  release(): void
}

/** How long a refused run looks for the name of the holder, who may have only just begun. */
const HOLDER_WAIT_MS = 1000

/**
 * Takes the lock of an output folder: one run at a time. It is held by the operating system for as long as
 * the process lives, suspended or not, and is gone with it, whatever files are left behind:
 * Linux: a socket in the abstract namespace; macOS and BSD: an exclusively opened file (O_EXLOCK);
 * Windows: a named pipe.
 *
 * @throws KnownError locked (retry), naming the holder; cannot_lock (create)
 */
export async function takeLock(outputFolder: string, holder: LockHolder): Promise<RunLock> {
  const held = await holdOrName(outputFolder)
  const path = holderPath(outputFolder)
  const died = readHolder(outputFolder)
  try {
    // Only who holds the lock makes and removes the work folder, so that nobody removes another's.
    makeWorkFolder(outputFolder)
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) rmSync(path, { recursive: true })
    nameHolder(path, holder)
  } catch (cause) {
    held()
    throw cause instanceof KnownError
      ? cause
      : cannotLock(
          path,
          `${errnoName(cause) ?? String(cause)}; about ${JSON.stringify(holder).length} bytes are needed`,
          cause,
        )
  }
  return {
    died,
    release() {
      try {
        rmSync(path, { force: true })
      } catch {
        // A name that stays behind does not hold the lock.
      }
      removeWorkFolder(outputFolder)
      held()
    },
  }
}

/**
 * Takes the lock, or names who holds it. A holder who has only just begun has not written its name yet,
 * and one that has just ended has none any more: then it looks again.
 *
 * @throws KnownError locked (retry)
 */
async function holdOrName(outputFolder: string): Promise<() => void> {
  const end = performance.now() + HOLDER_WAIT_MS
  for (;;) {
    const held = await hold(outputFolder)
    if (held !== undefined) return held
    const holder = readHolder(outputFolder)
    if (holder !== undefined && (holder.host !== hostname() || isProcessAlive(holder.pid))) {
      throw lockedBy(outputFolder, holder)
    }
    if (performance.now() > end) throw lockedBy(outputFolder, undefined)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Who runs into the output folder at this moment, if anybody; undefined also if it cannot be known. */
export async function currentHolder(outputFolder: string): Promise<LockHolder | undefined> {
  const name = socketName(outputFolder)
  if (name === undefined) {
    if (!existsSync(workFolder(outputFolder))) return undefined
    const release = holdFile(outputFolder)
    release?.()
    return release === undefined ? readHolder(outputFolder) : undefined
  }
  return (await answers(name)) ? readHolder(outputFolder) : undefined
}

/** Puts the holder's name in place whole; it need not outlive the machine, so nothing is forced to disk. */
function nameHolder(path: string, holder: LockHolder): void {
  const temporary = `${path}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  try {
    writeFileSync(temporary, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o644 })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function cannotLock(path: string, found: string, cause: unknown): KnownError {
  return new KnownError('create', 'cannot_lock', `the lock ${path} cannot be taken: ${found}`, {
    file: path,
    found,
    allowed: 'a folder that may be written to, on a disk with room',
    hint: 'free space or mend the folder, then run again: nothing was changed',
    cause,
  })
}

function lockedBy(outputFolder: string, holder: LockHolder | undefined): KnownError {
  const who =
    holder === undefined
      ? 'another run'
      : `process ${holder.pid} on ${holder.host}, started ${holder.started_at} (run ${holder.run_id})`
  return new KnownError('retry', 'locked', `${outputFolder} is in use by ${who}`, {
    file: outputFolder,
    found: who,
    allowed: 'one run at a time',
    hint: 'wait until it has ended and run again; if it hangs, end that process: the lock goes with it',
  })
}

function holderPath(outputFolder: string): string {
  return join(workFolder(outputFolder), 'lock.json')
}

function readHolder(outputFolder: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readRegular(holderPath(outputFolder)).toString('utf8')))
  } catch {
    return undefined
  }
}

/** Takes the lock; gives its release, or undefined if somebody else holds it. */
async function hold(outputFolder: string): Promise<(() => void) | undefined> {
  const name = socketName(outputFolder)
  if (name === undefined) return holdFile(outputFolder)
  const server = await listen(name)
  return server === undefined ? undefined : () => server.close()
}

/** The name of the lock's socket or pipe; undefined where the lock is a file. */
function socketName(outputFolder: string): string | undefined {
  if (process.platform === 'linux') {
    const { dev, ino } = statSync(outputFolder, { bigint: true })
    return `\0ecomagg-${dev}-${ino}`
  }
  if (process.platform === 'win32') {
    const path = realpathSync.native(outputFolder).toLowerCase()
    return `\\\\.\\pipe\\ecomagg-${createHash('sha256').update(path).digest('hex')}`
  }
  return undefined
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(undefined)
      else
        reject(new KnownError('create', 'cannot_lock', `the lock cannot be taken (${cause.code})`, { cause }))
    })
    server.listen(name, () => {
      server.unref()
      resolve(server)
    })
  })
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** open(2) flags of macOS and BSD: take an exclusive lock with the file, and do not wait for it. */
const O_EXLOCK = 0x20
const O_NONBLOCK = 0x4
const O_CREAT = 0x200
const O_RDWR = 0x2

function holdFile(outputFolder: string): (() => void) | undefined {
  makeWorkFolder(outputFolder)
  const path = join(workFolder(outputFolder), 'lock')
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new KnownError('create', 'cannot_lock', `${path} is not a file`, {
      file: path,
      hint: `remove ${path}`,
    })
  }
  try {
    const fd = openSync(path, O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK, 0o644)
    return () => closeSync(fd)
  } catch (cause) {
    const code = errnoName(cause)
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return undefined
    throw new KnownError('create', 'cannot_lock', `${path} cannot be locked (${code})`, { file: path, cause })
  }
}
