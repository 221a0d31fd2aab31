import { closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName } from '../lib/errno.ts'
import { KnownError } from '../lib/errors.ts'
import { openRegular } from '../lib/files/regular-file.ts'
import { HistoryDamage } from './format/damage.ts'
import { DayReader } from './format/day-reader.ts'
import type { ReadAt } from './format/sections.ts'
import type { Piece } from './state.ts'

type Memory = (bytes: number) => Buffer

/** Memory that is used again and again: what was read holds until the next time. */
export function reusedMemory(): Memory {
  let buffer = Buffer.alloc(0)
  return (bytes) => {
    if (buffer.length < bytes) buffer = Buffer.allocUnsafeSlow(bytes + (bytes >> 2))
    return buffer.subarray(0, bytes)
  }
}

/** The files of a history, and those that a run is about to add. Close it when it is no longer read. */
export class HistoryStore {
  readonly folder: string
  /** Where the files of a run lie until they are put in place, by their names. */
  readonly #staged = new Map<string, string>()
  /** The file that was read last stays open: pieces of one file are mostly read one after the other. */
  #open: { readonly file: string; readonly fd: number } | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  /** From now on a file is read where it was staged. */
  stagedAt(file: string, path: string): void {
    this.#staged.set(file, path)
  }

  /**
   * Reads bytes of a piece.
   *
   * @param memory gives room for so many bytes; by default memory of their own, so that arrays can lie in it
   */
  readAt({ file, offset, bytes }: Piece, memory: Memory = Buffer.allocUnsafeSlow): ReadAt {
    return (from, length) => {
      if (from + length > bytes) throw new HistoryDamage(`the end of ${file}`)
      const buffer = memory(length)
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
    this.#open = { file, fd: openRegular(this.#staged.get(file) ?? join(this.folder, file)) }
    return this.#open.fd
  }

  /**
   * @param day undefined for rows without dates
   * @param memory as readAt has it
   */
  open(day: number | undefined, piece: Piece, memory?: Memory): DayReader {
    return new DayReader(day, this.readAt(piece, memory), piece)
  }
}

/**
 * Does what reads the history; what is wrong with its files becomes an error that says how to mend it.
 *
 * @throws KnownError history_damaged (data), read_failed (io)
 */
export async function readingHistory<T>(folder: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
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
