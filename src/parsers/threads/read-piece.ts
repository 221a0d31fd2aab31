import { readSync } from 'node:fs'
import type { TextNumberer } from '../../collections/texts/numbered-texts.ts'
import type { ToWallClock } from '../../lib/times/time-zone.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Rules } from '../../rules/rules.ts'
import type { RowReason } from '../../sources/rows/source-rows.ts'
import type { BatchLayout } from '../batch/batch-layout.ts'
import type { RecordBatch, RejectedRecord } from '../batch/record-batch.ts'
import type { Header } from '../headers/header.ts'
import { BatchWriter } from '../lanes/batch-writer.ts'
import { fastLane } from '../lanes/fast/fast-lane.ts'
import { CR, LF, SCAN_PADDING } from '../lanes/fast/kernel/record-scanner.ts'
import { mappedLane } from '../lanes/mapped/mapped-lane.ts'
import type { RecordForm } from '../records/record-form.ts'
import { MAX_RECORD_BYTES, RecordWalk } from '../records/record-walk.ts'
import { NO_TALLIES, RecordScans, type ScanTallies } from '../scans/record-scans.ts'

/** Most bytes of a piece. */
export const MOST_PIECE_BYTES = 4 << 20
/** Bytes that are read at once beyond a piece, in which its last record mostly ends. */
const READ_AHEAD = 1 << 14
/**
 * Bytes that are walked through at once: a loop that comes to its end often is compiled once, and not each
 * time anew when it has never seen its end.
 */
const STRETCH = 1 << 15
/** Room in a batch for a piece and its last record. */
export const PIECE_ROOM = MOST_PIECE_BYTES + MAX_RECORD_BYTES + READ_AHEAD + SCAN_PADDING + 1

/** Files of a raw table whose headers are the same, of which pieces are read. */
export interface PieceGroup {
  readonly table: RawTable
  readonly header: Header
  readonly layout: BatchLayout
  readonly rules: Rules
  readonly form: RecordForm
  readonly findPersonalData: boolean
  /** TEXT_SEED of the thread that takes the rows. */
  readonly seed: number
}

/** A file of which pieces are read. */
export interface FilePieces {
  /** The open file: the same number in every thread. */
  readonly fd: number
  readonly bytes: number
}

/** The records that start in a stretch of a file. */
export interface Piece {
  readonly from: number
  /** Records that start here or later are not of the piece. */
  readonly until: number
}

/** What the thread that reads has of its own. */
export interface PieceReader {
  readonly toWallClock: ToWallClock
  /** Of the columns that are looked up, whose numbers the taker of the batch can read. */
  readonly numberers?: readonly TextNumberer[]
}

/** What was read of a piece, beside its rows, which are in the batch. */
export interface PieceReading {
  /** The byte where reading began, taken for the start of a line outside quotes. */
  readonly start: number
  /** Where it stands in the batch's bytes. */
  readonly at: number
  /** The byte where the next record starts. */
  readonly next: number
  /** How many physical lines lie between. */
  readonly lines: number
  readonly count: number
  readonly read: number
  readonly rejected: RejectedRecord[]
  /** How many records are no rows, by the reason. */
  readonly leftOut: Map<RowReason, number>
  readonly scans: ScanTallies
}

/**
 * Reads a piece of a raw file, by itself: nobody can know there whether its first line end lies inside
 * quotes. It is taken for the end of a record, and whoever knows where the piece before ends must compare.
 *
 * @returns undefined if there is anything that makes the piece hard to read by itself: a quote that does
 *   not close, a record that is too long, a file that has changed, no line end, an error of the disk
 */
export function readPiece(
  group: PieceGroup,
  file: FilePieces,
  piece: Piece,
  batch: RecordBatch,
  reader: PieceReader,
): PieceReading | undefined {
  batch.clear()
  try {
    return readRecords(group, file, piece, batch, reader)
  } catch {
    return undefined
  }
}

function readRecords(
  group: PieceGroup,
  { fd, bytes: fileBytes }: FilePieces,
  { from, until }: Piece,
  batch: RecordBatch,
  { toWallClock, numberers = [] }: PieceReader,
): PieceReading | undefined {
  const { bytes } = batch
  const room = batch.fileBytes - SCAN_PADDING - 1
  // The byte before tells whether a line starts with the piece.
  const base = Math.max(0, from - 1)
  let to = 0
  const readTo = (end: number) => {
    const wanted = Math.min(end, fileBytes) - base
    if (wanted > room) return false
    while (to < wanted) {
      const read = readSync(fd, bytes, to, wanted - to, base + to)
      if (read === 0) return false
      to += read
    }
    return true
  }
  if (!readTo(until + READ_AHEAD)) return undefined
  const start = from === 0 ? 0 : lineStart(bytes, to)
  if (start === undefined || base + start >= until) return undefined
  const scans = RecordScans.of(group)
  const writer = new BatchWriter({
    ...group,
    lane: group.layout.isMapped ? mappedLane : fastLane,
    scans,
    batch,
    numberers,
    toWallClock,
    startsWithHeader: from === 0,
    onFull: () => false,
  })
  const form = from === 0 ? group.form : { ...group.form, skipLines: 0 }
  const walk = new RecordWalk(group.header.fieldCount, writer, 1, form)
  let at = from === 0 && startsWithMark(bytes, to) ? 3 : start
  for (;;) {
    const stretch = Math.min(at + STRETCH, until - base)
    at = walk.walk(bytes, at, to, base + to === fileBytes, stretch)
    if (walk.isInOversized) return undefined
    if (walk.stopped || base + at >= until) break
    if (at >= stretch) continue
    // The last record goes on.
    if (base + to === fileBytes || !readTo(base + to + READ_AHEAD)) return undefined
  }
  if (!writer.isPastHeader) return undefined
  writer.prepare()
  return {
    start: base + start,
    at: start,
    next: base + at,
    lines: walk.line - 1,
    count: batch.count,
    read: batch.read,
    rejected: batch.rejected,
    leftOut: batch.leftOut,
    scans: scans?.tallies ?? NO_TALLIES,
  }
}

/** Where the first line after the first line end starts, if that is sure. */
function lineStart(bytes: Uint8Array, to: number): number | undefined {
  for (let at = 0; at < to; at++) {
    if (bytes[at] === LF) return at + 1
    if (bytes[at] !== CR) continue
    if (at + 1 === to) return undefined
    return bytes[at + 1] === LF ? at + 2 : at + 1
  }
  return undefined
}

function startsWithMark(bytes: Uint8Array, to: number): boolean {
  return to >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
