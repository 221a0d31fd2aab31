import { linearReplace } from '../../lib/texts/linear-replace.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import { withoutPrefix, withoutSuffix } from './affixes.ts'
import { htmlDecoded } from './html.ts'
import { type CellStep, MAX_CELL_BYTES } from './mapped-cell.ts'
import { percentDecoded } from './percent.ts'
import { splitPart } from './split-parts.ts'
import { urlParameter } from './url-parameter.ts'
import { urlPart } from './url-part.ts'
import { collapsed } from './white-space.ts'

/** What a mapping does to a text that is not empty, from `nullIf` to `values`, in this order. */
export function cellSteps(mapping: CellMapping | undefined): CellStep[] {
  if (mapping === undefined || typeof mapping === 'string') return []
  const { nullIf, replace, url, param, decode, spaces, trimPrefix, trimSuffix, split, take, values } = mapping
  const steps: CellStep[] = []
  if (nullIf !== undefined) {
    const nulls = new Set(nullIf)
    steps.push((text) => (nulls.has(text) ? '' : text))
  }
  for (const [expression, replacement] of replace ?? [])
    steps.push(linearReplace(expression, replacement, MAX_CELL_BYTES))
  if (url !== undefined) steps.push(urlPart(url))
  if (param !== undefined) steps.push(urlParameter(param))
  if (decode !== undefined) steps.push(decode === 'html' ? htmlDecoded : percentDecoded)
  if (spaces === 'collapse') steps.push(collapsed)
  if (trimPrefix !== undefined) steps.push((text) => withoutPrefix(trimPrefix, text))
  if (trimSuffix !== undefined) steps.push((text) => withoutSuffix(trimSuffix, text))
  if (mapping.lower === true) steps.push((text) => text.toLowerCase())
  if (mapping.upper === true) steps.push((text) => text.toUpperCase())
  if (split !== undefined && take !== undefined) steps.push(splitPart(split, take))
  if (values !== undefined) {
    const texts = new Map(Object.entries(values))
    steps.push((text) => texts.get(text) ?? text)
  }
  return steps
}
