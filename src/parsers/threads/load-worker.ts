// The entry of a thread that reads pieces of raw tables.
import { createHash, type Hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { TextNumberer } from '../../collections/texts/numbered-texts.ts'
import { wallClockIn } from '../../lib/times/time-zone.ts'
import { RecordBatch } from '../batch/record-batch.ts'
import type { PieceMessage, PieceOrder, PieceThreadData } from './piece-threads.ts'
import { PIECE_ROOM, readPiece } from './read-piece.ts'

const { groups, files, memories, numbered } = workerData as PieceThreadData
/** By group and memory. */
const batches = groups.map(({ layout }) =>
  memories.map((memory) => new RecordBatch(layout, PIECE_ROOM, memory)),
)
/** All tables are of one shop. */
const toWallClock = wallClockIn(groups[0]?.rules.timezone ?? 'UTC')
const readers = groups.map(({ layout }, group) => ({
  toWallClock,
  numberers: layout.lookedUp.map((_, i) => new TextNumberer(numbered[group]!, i)),
}))
const hashes = new Map<number, Hash>()

function hashOf(file: number): Hash {
  const hash = hashes.get(file) ?? createHash('sha256')
  hashes.set(file, hash)
  return hash
}

function answer(order: PieceOrder): PieceMessage | undefined {
  if ('piece' in order) {
    const { piece, number, file, memory } = order
    const { group } = files[file]!
    const batch = batches[group]![memory]!
    const reading = readPiece(groups[group]!, files[file]!, piece, batch, readers[group]!)
    return { number, reading }
  }
  if ('finish' in order) return { file: order.finish, sha256: hashOf(order.finish).digest('hex') }
  hashOf(order.file).update(order.digest)
  return order.number < 0 ? undefined : { digested: order.number }
}

parentPort!.on('message', (order: PieceOrder) => {
  const message = answer(order)
  if (message !== undefined) parentPort!.postMessage(message)
})
