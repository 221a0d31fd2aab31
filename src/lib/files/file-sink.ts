import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { errnoName, isStorageFault } from '../errno.ts'
import { KnownError } from '../errors.ts'

/** Writes a new file, whole or not at all as far as the caller is told: a short write is an error. */
export class FileSink {
  readonly path: string
  bytes = 0
  readonly #fd: number
  readonly #hash: Hash = createHash('sha256')
  #isOpen = true

  /**
   * @param mode permission bits of the file, further narrowed by the umask
   * @throws KnownError cannot_create (create), also if the file exists
   */
  constructor(path: string, mode: number) {
    this.path = path
    try {
      this.#fd = openSync(path, 'wx', mode)
    } catch (cause) {
      const code = errnoName(cause)
      const isFull = isStorageFault(cause)
      throw new KnownError(isFull ? 'io' : 'create', 'cannot_create', `${path} cannot be created (${code})`, {
        file: path,
        hint: isFull
          ? 'free space on that disk, then run again'
          : 'check that the folder exists and may be written to',
        cause,
      })
    }
  }

  /** @throws KnownError write_failed (io) */
  write(data: Uint8Array): void {
    this.#hash.update(data)
    for (let at = 0; at < data.length; ) {
      try {
        at += writeSync(this.#fd, data, at, data.length - at)
      } catch (cause) {
        throw this.#failed('written', cause, data.length - at)
      }
    }
    this.bytes += data.length
  }

  /** Forces the bytes to disk and closes; a failed fsync is final. @returns sha256 of the bytes, in hex */
  finish(): string {
    try {
      fsyncSync(this.#fd)
    } catch (cause) {
      throw this.#failed('forced to disk', cause, 0)
    }
    this.close()
    return this.#hash.digest('hex')
  }

  /** Closes without a word, for the way out after an error. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#fd)
  }

  #failed(what: string, cause: unknown, missing: number): KnownError {
    const code = errnoName(cause)
    const needed = missing > 0 ? `; at least ${missing} more bytes are needed` : ''
    return new KnownError(
      'io',
      'write_failed',
      `${this.path} cannot be ${what} (${code}) after ${this.bytes} bytes${needed}`,
      {
        file: this.path,
        hint: 'free space or mend the disk, then run again: the old results are still there',
        cause,
      },
    )
  }
}
