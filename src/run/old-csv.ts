import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { KnownError } from '../lib/errors.ts'
import type { ManifestFile } from './manifest.ts'

const CHUNK = 1 << 20

/** A published CSV that is read from start to end, and must prove to be the one that the manifest names. */
export class OldCsv {
  readonly #path: string
  readonly #expected: ManifestFile
  readonly #fd: number
  readonly #hash: Hash = createHash('sha256')
  readonly #chunk = Buffer.allocUnsafe(CHUNK)

  constructor(path: string, expected: ManifestFile) {
    this.#path = path
    this.#expected = expected
    this.#fd = openSync(path, 'r')
  }

  /** The next bytes. @throws KnownError set_not_whole (data) if there are not that many */
  take(bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes)
    for (let at = 0; at < bytes; at += this.#read(buffer, at, bytes - at));
    this.#hash.update(buffer)
    return buffer
  }

  /** Hands the next bytes on, piece by piece, each valid only during the call. */
  copy(bytes: number, write: (bytes: Uint8Array) => void): void {
    for (let left = bytes; left > 0; ) {
      const read = this.#read(this.#chunk, 0, Math.min(left, CHUNK))
      const piece = this.#chunk.subarray(0, read)
      this.#hash.update(piece)
      write(piece)
      left -= read
    }
  }

  /** @throws KnownError set_not_whole (data) if what was read is not all, or not what was published */
  finish(): void {
    const isAll = readSync(this.#fd, this.#chunk, 0, 1, null) === 0
    if (!isAll || this.#hash.digest('hex') !== this.#expected.sha256) throw this.#changed()
  }

  close(): void {
    closeSync(this.#fd)
  }

  #read(buffer: Buffer, at: number, length: number): number {
    const read = readSync(this.#fd, buffer, at, length, null)
    if (read === 0) throw this.#changed()
    return read
  }

  #changed(): KnownError {
    return new KnownError('data', 'set_not_whole', `${this.#path} is not the file that was published`, {
      file: this.#path,
      found: 'other bytes',
      allowed: `${this.#expected.bytes} bytes with sha256 ${this.#expected.sha256}`,
      hint: 'put it back from a backup, or build everything anew from all raw files: ecomagg process --full',
    })
  }
}
