import { join } from 'node:path'
import { FileSink } from '../lib/files/file-sink.ts'
import type { Packed } from './format/sections.ts'
import type { Piece } from './state.ts'

const HISTORY_MODE = 0o640

/** A file of the history that has been written, with the sha256 of its bytes. */
export interface WrittenFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** A file of pieces that is begun when the first comes. */
export class PieceFile {
  readonly name: string
  readonly #folder: string
  readonly #onBegun: (name: string, path: string) => void
  #sink: FileSink | undefined

  /** @param onBegun told when the file is there */
  constructor(folder: string, name: string, onBegun: (name: string, path: string) => void) {
    this.name = name
    this.#folder = folder
    this.#onBegun = onBegun
  }

  /** @throws KnownError cannot_create (create), write_failed (io) */
  add({ bytes, lead, check }: Packed): Piece {
    if (this.#sink === undefined) {
      this.#sink = historyFile(this.#folder, this.name)
      this.#onBegun(this.name, this.#sink.path)
    }
    const offset = this.#sink.bytes
    this.#sink.write(bytes)
    return { file: this.name, offset, bytes: bytes.length, lead, check }
  }

  /** Forces it to disk. @returns none if there was no piece */
  finish(): WrittenFile[] {
    if (this.#sink === undefined) return []
    return [{ name: this.name, sha256: this.#sink.finish(), bytes: this.#sink.bytes }]
  }

  close(): void {
    this.#sink?.close()
  }
}

/** A new file in the folder of a history, not for everybody to read. */
export function historyFile(folder: string, name: string): FileSink {
  return new FileSink(join(folder, name), HISTORY_MODE)
}
