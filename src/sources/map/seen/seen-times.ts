import { isNullLike } from '../../../lib/texts/null-like.ts'
import { parseIso } from '../../../lib/times/iso-timestamp.ts'
import { type LayoutSearch, searchLayouts, type TimeSample } from '../../../lib/times/layout-search.ts'
import { isInstant, isNumberTime } from '../../../lib/times/number-time.ts'
import { timeKind } from '../../../lib/times/time-kind.ts'

/** How the times of a column are written. */
export interface SeenTimes {
  /** To declare; empty if all are read without it, if none is known, or if several fit. */
  readonly formats: readonly string[]
  /** All that fit every cell, where the day and the month cannot be told apart. */
  readonly unsure: readonly string[]
  readonly mixed: LayoutSearch['mixed']
  /** Whether no layout is known for most of the cells. */
  readonly isUnknown: boolean
  /** Whether some hold an instant, which becomes a time of the shop's zone; and whether some hold none. */
  readonly hasInstants: boolean
  readonly hasLocal: boolean
  /** Whether all are times of day without a date. */
  readonly isClock: boolean
}

/** No timestamp that a layout fits is longer. */
const LONGEST = 100
/** Kinds of cells that are looked at. */
const MOST_KINDS = 300
/** Layouts that fit so many of the cells are proposed, though some cells are none. */
const MOST_OF_THEM = 0.9

/** @param cells not empty */
export function seenTimes(cells: readonly string[]): SeenTimes {
  const kinds = new Map<string, { text: string; count: number }>()
  let [hasInstants, hasLocal] = [false, false]
  for (const cell of cells) {
    if (isNullLike(cell)) continue
    const text = cell.slice(0, LONGEST)
    const iso = parseIso(text)
    if (iso !== undefined) {
      if (iso.offset === undefined) hasLocal = true
      else hasInstants = true
      continue
    }
    const kind = timeKind(text)
    const known = kinds.get(kind)
    if (known !== undefined) known.count++
    else if (kinds.size < MOST_KINDS) kinds.set(kind, { text, count: 1 })
  }
  const samples = [...kinds.values()]
  const { layouts, mixed } = samples.length === 0 ? { layouts: [], mixed: undefined } : search(samples)
  for (const layout of layouts) {
    if (isNumberTime(layout) && isInstant(layout)) hasInstants = true
    else hasLocal = true
  }
  return {
    formats: layouts.length === 1 ? layouts : [],
    unsure: layouts.length > 1 ? layouts : [],
    mixed,
    isUnknown: samples.length > 0 && layouts.length === 0 && mixed === undefined,
    hasInstants,
    hasLocal,
    isClock: samples.length > 0 && samples.every(({ text }) => /^\d{1,2}:\d{2}(?::\d{2})?$/.test(text)),
  }
}

/** What fits all of them; else what fits all but a few. */
function search(samples: readonly TimeSample[]): LayoutSearch {
  const found = searchLayouts(samples)
  if (found.layouts.length > 0 || found.mixed !== undefined) return found
  const all = samples.reduce((sum, { count }) => sum + count, 0)
  const form = (text: string) => text.replace(/\d+/g, '9').replace(/\p{L}+/gu, 'a')
  const forms = new Map<string, TimeSample[]>()
  for (const sample of samples)
    forms.set(form(sample.text), [...(forms.get(form(sample.text)) ?? []), sample])
  const weight = (some: readonly TimeSample[]) => some.reduce((sum, { count }) => sum + count, 0)
  const most = [...forms.values()].sort((a, b) => weight(b) - weight(a))[0]
  return most !== undefined && weight(most) >= all * MOST_OF_THEM ? searchLayouts(most) : found
}
