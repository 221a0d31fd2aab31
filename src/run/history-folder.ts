import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HistoryState, stateSchema } from '../history/state.ts'
import { errnoName } from '../lib/errno.ts'
import { publishedManifest } from './manifest.ts'
import { cannotPublish } from './preflight.ts'
import { historyFolder } from './work-folder.ts'

const PIECES = /^(?:days|whole)-[0-9A-Za-z-]+\.bin$/

/** What is kept for the set that is published; undefined if there is no set, or one without a history. */
export function readState(outputFolder: string): HistoryState | undefined {
  const runId = publishedManifest(outputFolder)?.run_id
  if (runId === undefined) return undefined
  try {
    const text = readFileSync(join(historyFolder(outputFolder), 'state.json'), 'utf8')
    const state = stateSchema.parse(JSON.parse(text))
    return state.run_id === runId ? state : undefined
  } catch {
    return undefined
  }
}

/** Makes the folder of the history, and removes files of it that no published set refers to. */
export function prepareHistory(outputFolder: string, state: HistoryState | undefined): void {
  const folder = historyFolder(outputFolder)
  const status = lstatSync(folder, { throwIfNoEntry: false })
  if (status !== undefined && !status.isDirectory()) throw cannotPublish(folder, 'it is not a folder')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    removeUnused(folder, state)
  } catch (cause) {
    throw cannotPublish(folder, `no file can be made in it (${errnoName(cause)})`, cause)
  }
}

/** Removes files that the state of the published set no longer refers to; what cannot be removed does no harm. */
export function cleanHistory(outputFolder: string): void {
  const folder = historyFolder(outputFolder)
  const state = readState(outputFolder)
  try {
    if (state === undefined) rmSync(folder, { recursive: true, force: true })
    else removeUnused(folder, state)
  } catch {
    // The next run tries again.
  }
}

function removeUnused(folder: string, state: HistoryState | undefined): void {
  const used = new Set(state === undefined ? [] : filesOf(state))
  for (const name of readdirSync(folder))
    if (PIECES.test(name) && !used.has(name)) rmSync(join(folder, name), { force: true })
}

/** The files that a state refers to. */
export function filesOf(state: HistoryState): string[] {
  const pieces = [
    ...state.days.map(({ piece }) => piece),
    state.undated.piece,
    ...Object.values(state.carried),
  ]
  return [...new Set(pieces.map(({ file }) => file))]
}
