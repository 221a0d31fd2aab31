import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName } from '../lib/errno.ts'
import { KnownError } from '../lib/errors.ts'
import { parseDay } from '../lib/wall-clock.ts'
import { HistoryDamage } from './damage.ts'
import { DayReader, type DictionaryOf } from './day-reader.ts'
import type { ReadAt } from './sections.ts'
import type { DayState, Piece } from './state.ts'

/** The files of a history. */
export class HistoryStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Reads bytes of a piece; the file is open only meanwhile, since there may be many of them. */
  readAt({ file, offset, bytes }: Piece): ReadAt {
    return (from, length) => {
      if (from + length > bytes) throw new HistoryDamage(`the end of ${file}`)
      const buffer = Buffer.allocUnsafe(length)
      const fd = openSync(join(this.folder, file), 'r')
      try {
        for (let at = 0; at < length; ) {
          const read = readSync(fd, buffer, at, length - at, offset + from + at)
          if (read === 0) throw new HistoryDamage(`the end of ${file}`)
          at += read
        }
      } finally {
        closeSync(fd)
      }
      return buffer
    }
  }

  openDay({ date, piece }: DayState, dictionaryOf: DictionaryOf): DayReader {
    return new DayReader(parseDay(date), this.readAt(piece), piece.lead, dictionaryOf)
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
