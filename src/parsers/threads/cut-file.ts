import { readSync } from 'node:fs'
import { BATCH_ROWS } from '../batch/record-batch.ts'
import { LF } from '../lanes/fast/kernel/record-scanner.ts'
import { type FilePieces, MOST_PIECE_BYTES, type Piece } from './read-piece.ts'

/** Of a small table each thread gets some pieces, too. */
const PIECES_A_THREAD = 4
const LEAST_PIECE_BYTES = 256

/**
 * Cuts a file into pieces that find room in a batch; the first holds all of the header.
 *
 * @param tableBytes of all files of its table
 * @param headerEnd the byte behind its header
 * @returns none if the header finds no room
 */
export function cutFile(
  file: FilePieces,
  { tableBytes, headerEnd, threads }: { tableBytes: number; headerEnd: number; threads: number },
): Piece[] {
  if (headerEnd > MOST_PIECE_BYTES) return []
  const share = Math.ceil(tableBytes / (threads * PIECES_A_THREAD))
  const rows = Math.floor(BATCH_ROWS * 0.9 * averageLine(file))
  const size = Math.max(LEAST_PIECE_BYTES, headerEnd, Math.min(share, rows, MOST_PIECE_BYTES))
  return Array.from({ length: Math.ceil(file.bytes / size) }, (_, i) => ({
    from: i * size,
    until: Math.min((i + 1) * size, file.bytes),
  }))
}

const SAMPLE_BYTES = 16_384

/** How long the lines in the middle of a file are, in bytes. */
function averageLine({ fd, bytes }: FilePieces): number {
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
