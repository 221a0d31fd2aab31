import { KEY_NUMBERS, type KeyCells, prepareKeys } from '../../src/collections/keys/key-cells.ts'
import { TEXT_SEED } from '../../src/collections/texts/dictionary.ts'
import { type Cells, prepareTexts, type TextCells } from '../../src/collections/texts/text-cells.ts'

/** Texts as cells that lie one after the other, with bytes between that belong to none. */
function cellsOf(texts: readonly (string | null)[]): Cells {
  const parts = texts.map((text) => Buffer.from(text ?? ''))
  const starts = new Int32Array(texts.length)
  const ends = new Int32Array(texts.length)
  let at = 1
  parts.forEach((part, i) => {
    starts[i] = at
    ends[i] = at + part.length
    at += part.length + 1
  })
  const bytes = Buffer.concat([Buffer.from(','), ...parts.flatMap((part) => [part, Buffer.from(',')])])
  return { bytes, starts, ends, count: texts.length }
}

/** Ready to be looked up in a dictionary. */
export function textCellsOf(texts: readonly (string | null)[]): TextCells {
  const cells = {
    ...cellsOf(texts),
    kinds: new Uint8Array(texts.length),
    hashes: new Int32Array(texts.length),
    numbered: undefined,
  }
  prepareTexts(cells, TEXT_SEED, 0)
  return cells
}

/** Ready to be looked up in a key set. */
export function keyCellsOf(keys: readonly string[]): KeyCells {
  const cells = {
    ...cellsOf(keys),
    isUuid: new Uint8Array(keys.length),
    numbers: new Int32Array(keys.length * KEY_NUMBERS),
  }
  prepareKeys(cells, TEXT_SEED)
  return cells
}
