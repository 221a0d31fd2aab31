import { NO_INTEGER } from '../../collections/vectors.ts'
import { formatMoney, MONEY_SCALE } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { defineFinding } from '../finding.ts'

/** Fewer scrolls may all be near the top by chance. */
const ENOUGH = 100

/** Scrolls that all read as 1 % at most: depths from 0 to 1, in the place of 0 to 100. */
export const scrollInFractions = defineFinding({
  needs: { scroll_table: ['scroll_percent'] },
  find({ scroll_table: { scroll_percent } }) {
    if (scroll_percent.length < ENOUGH) return []
    let deepest = NO_INTEGER
    for (let row = 0; row < scroll_percent.length && deepest <= MONEY_SCALE; row++)
      if (scroll_percent[row]! > deepest) deepest = scroll_percent[row]!
    if (deepest > MONEY_SCALE) return []
    return [
      {
        code: 'scroll_in_fractions',
        severity: 'warning',
        message: `none of ${plural(scroll_percent.length, 'scroll')} is deeper than ${formatMoney(deepest)} %: scroll_percent seems to go from 0 to 1, and not from 0 to 100`,
        advice:
          'avg_scroll_depth and avg_max_scroll_depth in page_engagement_metrics.csv are then a hundredth of what is right: export scroll_percent times 100',
        details: { scrolls: scroll_percent.length, deepest: formatMoney(deepest) },
      },
    ]
  },
})
