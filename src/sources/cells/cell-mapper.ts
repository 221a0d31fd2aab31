import type { CellReason } from '../../raw/kinds.ts'

/** Why a mapped cell is refused. */
export interface CellFault {
  readonly reason: CellReason | 'unknown_currency' | 'cell_too_long'
}

/** What a mapped cell is: its text as the kind's reader takes it ('' = empty), or why it is refused. */
export type MappedCell = string | CellFault

export interface CellMapper {
  /** The source columns whose cells it takes, each once, in this order. */
  readonly sources: readonly string[]
  /** Whether its result depends on the place of the row among those of its key ({row} in a template). */
  readonly usesPlace: boolean
  /** Pure: the same cells and place give the same. Cells are trimmed texts. */
  map(cells: readonly string[], place: number): MappedCell
  /** Which of the sources a reject of this cell names (number in `sources`), -1 if none (a constant). */
  blame(cells: readonly string[]): number
}
