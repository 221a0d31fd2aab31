import type { Engine } from './engine.ts'
import { memoryEngine } from './memory/index.ts'

/** All engines. The same input gives the same bytes, whichever is chosen. */
export const engines: readonly Engine[] = [memoryEngine]

/** The engine of a run that names none. */
export const usualEngine: Engine = memoryEngine
