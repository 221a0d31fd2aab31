import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/**
 * Opens a file that must be a regular one. A FIFO or device in its place is refused at once: opened as a
 * file, the one is waited for without end, and the other may have none.
 *
 * @param flags those of open(2); reading if left out
 * @returns the file descriptor
 * @throws the error of the file system; one with the code EINVAL if it is not a regular file
 */
export function openRegular(path: string, flags: number = constants.O_RDONLY, mode?: number): number {
  const fd = openSync(path, flags | (constants.O_NONBLOCK ?? 0), mode)
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw Object.assign(new Error(`EINVAL: not a regular file, open '${path}'`), { code: 'EINVAL', path })
}

/** The bytes of a file that must be a regular one. @throws as openRegular does */
export function readRegular(path: string): Buffer {
  const fd = openRegular(path)
  try {
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}
