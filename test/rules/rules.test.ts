import { expect, test } from 'vitest'
import { defaultRules, rulesSchema } from '../../src/rules/rules.ts'

test('the defaults are those of the SPEC', () => {
  expect(defaultRules).toEqual({
    timezone: 'UTC',
    timeFormats: [],
    nullValues: [],
    maxRejectRate: 0.01,
    funnel: {
      productView: ['/product/', '/products/'],
      checkoutView: ['/checkout'],
      checkoutViewIsOwn: false,
    },
    timeOnPageCap: 1800,
  })
})

test.each([
  { maxRejectRate: 0 },
  { maxRejectRate: 1 },
  { timezone: 'Europe/Berlin' },
  { timeFormats: ['dd-MM-yyyy', 'MM/dd/yyyy HH:mm'] },
  { nullValues: ['NA', 'NULL', ''] },
  { funnel: { productView: ['/p/'] } },
  { timeOnPageCap: 1 },
])('%j is a setting', (given) => {
  expect(rulesSchema.parse(given)).toMatchObject(given)
})

test.each([
  [{ maxRejectRate: 1.01 }, 'maxRejectRate'],
  [{ maxRejectRate: -0.01 }, 'maxRejectRate'],
  [{ maxRejectRate: Number.NaN }, 'maxRejectRate'],
  [{ maxRejectRate: '0.5' }, 'maxRejectRate'],
  [{ timezone: 'Berlin' }, 'timezone'],
  [{ timeFormats: ['dd-MM-yyyy', 'dd-MM'] }, 'timeFormats'],
  [{ timeFormats: ['yyyy-dd-MM'] }, 'timeFormats'],
  [{ funnel: { productView: [''] } }, 'funnel'],
  [{ timeOnPageCap: 0 }, 'timeOnPageCap'],
  [{ timeOnPageCap: 1.5 }, 'timeOnPageCap'],
])('%j is refused at %s', (given, at) => {
  const parsed = rulesSchema.safeParse(given)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([at])
})

test('an unknown setting is refused, so that a misspelt one is noticed', () => {
  expect(rulesSchema.safeParse({ timezome: 'UTC' }).success).toBe(false)
  expect(rulesSchema.safeParse({ funnel: { productViews: ['/p/'] } }).success).toBe(false)
})

test('all problems at once', () => {
  const parsed = rulesSchema.safeParse({ timezone: 'Berlin', maxRejectRate: 2, timeFormats: ['dd'] })
  expect(parsed.error?.issues).toHaveLength(3)
})
