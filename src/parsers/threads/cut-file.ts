import { readSync } from 'node:fs'
import { BATCH_ROWS } from '../batch/record-batch.ts'
import { LF } from '../lanes/fast/kernel/record-scanner.ts'
import { MOST_PIECE_BYTES, type Piece, type PieceTable } from './read-piece.ts'

/** Of a small file each thread gets some pieces, too. */
const PIECES_A_THREAD = 4
const LEAST_PIECE_BYTES = 256

/** Cuts a file into pieces that find room in a batch. */
export function cutFile(table: PieceTable, threads: number): Piece[] {
  const share = Math.ceil(table.bytes / (threads * PIECES_A_THREAD))
  const rows = Math.floor(BATCH_ROWS * 0.9 * averageLine(table))
  const size = Math.max(LEAST_PIECE_BYTES, Math.min(share, rows, MOST_PIECE_BYTES))
  return Array.from({ length: Math.ceil(table.bytes / size) }, (_, i) => ({
    from: i * size,
    until: Math.min((i + 1) * size, table.bytes),
  }))
}

const SAMPLE_BYTES = 16_384

/** How long the lines in the middle of a file are, in bytes. */
function averageLine({ fd, bytes }: PieceTable): number {
  const sample = Buffer.allocUnsafe(SAMPLE_BYTES)
  try {
    const read = readSync(fd, sample, 0, SAMPLE_BYTES, Math.floor(bytes / 2))
    const ends = sample.subarray(0, read).reduce((count, byte) => count + (byte === LF ? 1 : 0), 0)
    return read / (ends + 1)
  } catch {
    // Whoever reads the file will meet the same error, and tell of it.
    return SAMPLE_BYTES
  }
}
