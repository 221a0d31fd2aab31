import { closeSync, constants, openSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { errnoName } from '../../lib/errno.ts'

/**
 * What an announcement shows of its process. lives: it is there, suspended or not. silent: the kernel knows
 * of nobody there. hidden: it cannot be asked from here. gone: there is no announcement any more.
 */
export type Sign = 'lives' | 'silent' | 'hidden' | 'gone'

/** Longest path of a socket in bytes, without the zero at its end (unix(7)). */
const LONGEST = 107

/**
 * Listens on a new socket in a folder. Whoever may write the folder may ask the socket.
 *
 * @param mode permission bits of the folder
 * @throws the error of the file system
 */
export function listenIn(folder: string, name: string, mode: number): Promise<Server> {
  return byShortPath(folder, name, (path) => {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => socket.destroy())
      server.once('error', reject)
      withUmask(0o777 & ~(0o600 | (mode & 0o022)), () => server.listen({ path, exclusive: true }))
      server.once('listening', () => {
        // Somebody who asks and cannot be answered, for want of file handles, has had the answer of the kernel.
        server.on('error', () => {})
        server.unref()
        resolve(server)
      })
    })
  })
}

/** Asks a socket for a sign of life. It is the kernel that answers, so a suspended process does, too. */
export function knock(folder: string, name: string): Promise<Sign> {
  const asked = byShortPath(folder, name, (path) => {
    return new Promise<Sign>((resolve) => {
      const socket = connect(path)
      socket.once('connect', () => {
        socket.destroy()
        resolve('lives')
      })
      socket.once('error', (error) => resolve(signOf(error)))
    })
  })
  return asked.catch(signOf)
}

function signOf(error: unknown): Sign {
  switch (errnoName(error)) {
    case 'ECONNREFUSED':
    case 'EPROTOTYPE': // It is no such socket as a run makes.
      return 'silent'
    case 'EAGAIN': // Too many are waiting to be answered.
    case 'ECONNRESET':
      return 'lives'
    case 'ENOENT':
      return 'gone'
    default:
      return 'hidden'
  }
}

/** Node binds while `listen` is called, so the mask is back before anything else can run. */
function withUmask(mask: number, work: () => void): void {
  let before: number
  try {
    before = process.umask(mask)
  } catch {
    // A worker may not change it; then others of the group are told that they cannot ask.
    work()
    return
  }
  try {
    work()
  } finally {
    process.umask(before)
  }
}

/** Gives a path to a name in a folder that is short enough for a socket. */
async function byShortPath<T>(folder: string, name: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, name)
  if (Buffer.byteLength(path) <= LONGEST) return work(path)
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    return await work(`/proc/self/fd/${fd}/${name}`)
  } finally {
    closeSync(fd)
  }
}
