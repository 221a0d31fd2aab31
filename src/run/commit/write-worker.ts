// The entry of a thread that writes tables into the staging folder.
import { parentPort, workerData } from 'node:worker_threads'
import { KnownError } from '../../lib/errors.ts'
import { type PackedTable, unpackTable } from '../../tables/packed-table.ts'
import { stageTable } from './stage.ts'
import { packError, type WriterMessage, type WriterTask } from './write-in-thread.ts'

const { staging, dialect } = workerData as WriterTask

function write(table: PackedTable): WriterMessage {
  try {
    return { written: stageTable(staging, unpackTable(table), dialect) }
  } catch (error) {
    if (error instanceof KnownError) return { failed: packError(error) }
    throw error
  }
}

const say = (message: WriterMessage) => parentPort?.postMessage(message)
parentPort?.on('message', (table: PackedTable) => say(write(table)))
say({ isReady: true })
