// The entry of a thread that reads pieces of raw tables.
import { createHash, type Hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { TextNumberer } from '../../collections/texts/numbered-texts.ts'
import { wallClockIn } from '../../lib/times/time-zone.ts'
import { RecordBatch } from '../batch/record-batch.ts'
import type { PieceMessage, PieceOrder, PieceThreadData } from './piece-threads.ts'
import { PIECE_ROOM, readPiece } from './read-piece.ts'

const { tables, memories, numbered } = workerData as PieceThreadData
/** By table and memory. */
const batches = tables.map(({ layout }) =>
  memories.map((memory) => new RecordBatch(layout, PIECE_ROOM, memory)),
)
/** All tables are of one shop. */
const toWallClock = wallClockIn(tables[0]?.rules.timezone ?? 'UTC')
const readers = tables.map(({ layout }, table) => ({
  toWallClock,
  numberers: layout.lookedUp.map((_, i) => new TextNumberer(numbered[table]!, i)),
}))
const hashes = new Map<number, Hash>()

function hashOf(table: number): Hash {
  const hash = hashes.get(table) ?? createHash('sha256')
  hashes.set(table, hash)
  return hash
}

function answer(order: PieceOrder): PieceMessage | undefined {
  if ('piece' in order) {
    const { piece, number, table, memory } = order
    const batch = batches[table]![memory]!
    return { number, reading: readPiece(tables[table]!, piece, batch, readers[table]!) }
  }
  if ('finish' in order) return { table: order.finish, sha256: hashOf(order.finish).digest('hex') }
  hashOf(order.table).update(order.digest)
  return order.number < 0 ? undefined : { digested: order.number }
}

parentPort!.on('message', (order: PieceOrder) => {
  const message = answer(order)
  if (message !== undefined) parentPort!.postMessage(message)
})
