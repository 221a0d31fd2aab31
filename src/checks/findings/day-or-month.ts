import { grouped, plural } from '../../lib/texts/grouped.ts'
import { isDayFirst, twinLayouts } from '../../lib/times/layout-search.ts'
import { timeFormatsOf } from '../../rules/rules.ts'
import { quotedText, tableSetting } from '../advice/setting-text.ts'
import { defineFinding, type Finding } from '../finding.ts'

/** Columns that hold dates with the day first and others with the month first, so that some can be either. */
export const dayOrMonthFirst = defineFinding({
  needs: {},
  find(_, { inputs, rules }) {
    return [...inputs].flatMap(([table, { found }]) =>
      found.dayOrMonth.flatMap(({ column, dayFirst, monthFirst, both }): Finding[] => {
        if (dayFirst === 0 || monthFirst === 0 || both === 0) return []
        const declared = timeFormatsOf(rules, table)
        const twins = twinLayouts(declared)
        const [used] = twins as [string]
        const most = dayFirst >= monthFirst
        const wrong = twins.filter((layout) => isDayFirst(layout) !== most)
        const kept = declared.filter((layout) => !wrong.includes(layout))
        const setting = tableSetting(table, `timeFormats: [${kept.map(quotedText).join(', ')}]`)
        return [
          {
            code: 'day_or_month_first',
            severity: 'warning',
            message: `${plural(dayFirst, 'cell')} of ${table}.${column} can only have the day first, ${grouped(monthFirst)} only the month, and ${grouped(both)} either: these are read as ${used}, and nobody can know whether that is right`,
            advice: `export one layout, best YYYY-MM-DD HH:MM:SS; or declare only one of ${twins.join(' and ')}, so that the others are rejected: ${setting}`,
            details: { day_first: dayFirst, month_first: monthFirst, either: both, read_as: used },
          },
        ]
      }),
    )
  },
})
