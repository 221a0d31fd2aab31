import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { KnownError } from '../../lib/errors.ts'
import { isProcessAlive } from '../../lib/process-alive.ts'
import { type LockHolder, readHolder } from './holder-file.ts'
import { lockedBy } from './lock-errors.ts'
import { removeWorkFolder } from './work-folder.ts'

/** How long a refused run looks for the name of the holder, who may have only just begun. */
const HOLDER_WAIT_MS = 1000

/**
 * Takes the lock of an output folder on Windows, or names who holds it. A holder who has only just begun has
 * not written its name yet, and one that has just ended has none any more: then it looks again.
 *
 * @throws KnownError locked (retry)
 */
export async function holdPipe(outputFolder: string) {
  const end = performance.now() + HOLDER_WAIT_MS
  for (;;) {
    const pipe = await takePipe(pipeName(outputFolder))
    if (pipe !== undefined) {
      return {
        name: undefined,
        end() {
          // Only who holds the pipe makes and removes the work folder, so that nobody removes another's.
          removeWorkFolder(outputFolder)
          pipe.close()
        },
      }
    }
    const holder = readHolder(outputFolder)
    if (holder !== undefined && (holder.host !== hostname() || isProcessAlive(holder.pid))) {
      throw lockedBy(outputFolder, holder)
    }
    if (performance.now() > end) throw lockedBy(outputFolder, undefined)
    await sleep(25)
  }
}

/** Who holds the lock on Windows, if anybody does and has said who it is. */
export async function holderOfPipe(outputFolder: string): Promise<LockHolder | undefined> {
  return (await isPipeTaken(pipeName(outputFolder))) ? readHolder(outputFolder) : undefined
}

function pipeName(outputFolder: string): string {
  const path = realpathSync.native(outputFolder).toLowerCase()
  return `\\\\.\\pipe\\ecomagg-${createHash('sha256').update(path).digest('hex')}`
}

/** Takes a pipe; undefined if somebody else has it. It ends with the process. */
function takePipe(name: string): Promise<Server | undefined> {
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

function isPipeTaken(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
