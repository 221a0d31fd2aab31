import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName } from '../lib/errno.ts'
import { KnownError } from '../lib/errors.ts'
import { parseDay } from '../lib/wall-clock.ts'
import { HistoryDamage } from './damage.ts'
import { DayReader, type DictionaryOf } from './day-reader.ts'
import type { ReadAt } from './sections.ts'
import type { DayState, Piece } from './state.ts'

/** The files of a history. Close it when it is no longer read. */
export class HistoryStore {
  readonly folder: string
  /** The file that was read last stays open: pieces of one file are mostly read one after the other. */
  #open: { readonly file: string; readonly fd: number } | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  /** Reads bytes of a piece. */
  readAt({ file, offset, bytes }: Piece): ReadAt {
    return (from, length) => {
      if (from + length > bytes) throw new HistoryDamage(`the end of ${file}`)
      const buffer = Buffer.allocUnsafe(length)
      const fd = this.#opened(file)
      for (let at = 0; at < length; ) {
        const read = readSync(fd, buffer, at, length - at, offset + from + at)
        if (read === 0) throw new HistoryDamage(`the end of ${file}`)
        at += read
      }
      return buffer
    }
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.fd)
    this.#open = undefined
  }

  #opened(file: string): number {
    if (this.#open?.file === file) return this.#open.fd
    this.close()
    this.#open = { file, fd: openSync(join(this.folder, file), 'r') }
    return this.#open.fd
  }

  openDay({ date, piece }: DayState, dictionaryOf: DictionaryOf): DayReader {
    return new DayReader(parseDay(date), this.readAt(piece), piece, dictionaryOf)
  }
}

/**
 * Does what reads the history; what is wrong with its files becomes an error that says how to mend it.
 *
 * @throws KnownError history_damaged (data), read_failed (io)
 */
export function readingHistory<T>(folder: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const isGone = errnoName(cause) === 'ENOENT'
    if (isGone || cause instanceof HistoryDamage) {
      const found = cause instanceof HistoryDamage ? `${cause.message} is damaged` : 'a file is gone'
      throw new KnownError('data', 'history_damaged', `the history in ${folder} cannot be used: ${found}`, {
        file: folder,
        found,
        allowed: 'the files that ecomagg wrote, unchanged',
        hint: 'put them back from a backup, or build the history anew from all raw files: ecomagg process --full',
        cause,
      })
    }
    if (cause instanceof KnownError || errnoName(cause) === undefined) throw cause
    throw new KnownError(
      'io',
      'read_failed',
      `the history in ${folder} cannot be read (${errnoName(cause)})`,
      {
        file: folder,
        hint: 'check the disk and the permissions of that folder, then run again',
        cause,
      },
    )
  }
}
