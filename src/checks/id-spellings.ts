import { type Dictionary, NO_CODE } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'
import { grouped } from '../lib/texts/grouped.ts'
import { shapeOf } from '../lib/texts/shape.ts'

/** So many ids tell how a column is written. */
const LOOKED_AT = 1000

/** What exports do to ids, and how it is undone. */
const SPELLINGS: readonly (readonly [how: string, undo: (id: string) => string])[] = [
  ['without the final .0', (id) => id.replace(/\.0$/, '')],
  ['with a final .0', (id) => `${id}.0`],
  ['without zeros in front', (id) => id.replace(/^0+(?=.)/, '')],
  ['in lower case', (id) => id.toLowerCase()],
  ['in upper case', (id) => id.toUpperCase()],
  ['without quotes around them', (id) => id.replace(/^(['"])(.*)\1$/s, '$2')],
]

/**
 * In which other spelling at least half of some ids are known; undefined if in none.
 *
 * @param ids codes of ids that are not known
 * @param isKnown by code, 1 for ids that are
 * @example 'without the final .0, 2 of 2 ids would be known'
 */
export function knownOtherwise(
  dictionary: Dictionary,
  ids: Iterable<number>,
  isKnown: Uint8Array,
): string | undefined {
  const texts: string[] = []
  for (const id of ids) {
    texts.push(dictionary.text(id))
    if (texts.length === LOOKED_AT) break
  }
  let best: readonly [how: string, known: number] = ['', 0]
  for (const [how, undo] of SPELLINGS) {
    const known = texts.filter((text) => isKnown[dictionary.findText(undo(text))] === 1).length
    if (known > best[1]) best = [how, known]
  }
  const [how, known] = best
  if (known === 0 || known * 2 < texts.length) return undefined
  return `${how}, ${grouped(known)} of ${grouped(texts.length)} ids would be known`
}

/** The shape that most of a column's ids have, of some that stand evenly among its rows. */
export function usualShape({ codes, dictionary }: TextVector): string {
  const counts = new Map<string, number>()
  const step = Math.ceil(codes.length / LOOKED_AT)
  for (let row = 0; row < codes.length; row += step) {
    if (codes[row] === NO_CODE) continue
    const shape = shapeOf(dictionary.text(codes[row]!))
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  let usual = ''
  for (const [shape, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = shape
  return usual
}
