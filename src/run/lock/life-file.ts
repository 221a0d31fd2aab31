import { closeSync, constants, openSync } from 'node:fs'
import { errnoName } from '../../lib/errno.ts'
import type { Sign } from './life-socket.ts'

/** open(2) flags of macOS and BSD: take an exclusive lock with the file, and do not wait for it. */
const O_EXLOCK = 0x20
const O_NONBLOCK = 0x4

/** Whether the system can open a file exclusively, which ends with the process. */
const canOpenExclusively = ['darwin', 'freebsd', 'openbsd', 'netbsd'].includes(process.platform)

/**
 * Makes a file that shows that this process lives: opened exclusively, or by its name alone.
 *
 * @returns what gives it up again
 * @throws the error of the file system
 */
export function openLifeFile(path: string): () => void {
  const { O_RDWR, O_CREAT, O_EXCL } = constants
  const flags = O_RDWR | O_CREAT | O_EXCL
  if (canOpenExclusively) {
    try {
      const fd = openSync(path, flags | O_EXLOCK | O_NONBLOCK, 0o644)
      return () => closeSync(fd)
    } catch (error) {
      if (!['ENOTSUP', 'EOPNOTSUPP'].includes(errnoName(error) ?? '')) throw error
    }
  }
  closeSync(openSync(path, flags, 0o644))
  return () => {}
}

/** Asks a life file for a sign. */
export function signOfFile(path: string): Sign {
  if (!canOpenExclusively) return 'hidden'
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | O_EXLOCK | O_NONBLOCK))
    return 'silent'
  } catch (error) {
    const code = errnoName(error)
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return 'lives'
    return code === 'ENOENT' ? 'gone' : 'hidden'
  }
}
