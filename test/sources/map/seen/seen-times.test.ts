import { expect, test } from 'vitest'
import { seenTimes } from '../../../../src/sources/map/seen/seen-times.ts'

test.each([
  [['2025-06-01 10:00:00', '2025-06-02'], { formats: [], unsure: [], isUnknown: false }],
  [['31.05.2025', '01.06.2025'], { formats: ['dd.MM.yyyy'], hasLocal: true, hasInstants: false }],
  [['5/31/2025 0:47', '6/1/2025 22:10'], { formats: ['M/d/yyyy H:mm'] }],
  [['1748772000', '1748772001'], { formats: ['unix'], hasInstants: true, hasLocal: false }],
  [['1748772000123'], { formats: ['unix_ms'] }],
  [['1748772000123456'], { formats: ['unix_us'] }],
  [['45937.3266912384'], { formats: ['spreadsheet_day'], hasLocal: true, hasInstants: false }],
  [['01/02/2025'], { formats: [], unsure: ['dd/MM/yyyy', 'MM/dd/yyyy'] }],
  [['31/01/2025', '01/31/2025'], { formats: [], mixed: { dayFirst: 1, monthFirst: 1, either: 0 } }],
  [['yesterday'], { formats: [], isUnknown: true }],
  [['10:00', '11:30'], { isUnknown: true, isClock: true }],
  [['2025-06-01T10:00:00Z', 'NULL'], { formats: [], hasInstants: true }],
])('%j', (cells, wanted) => {
  expect(seenTimes(cells)).toMatchObject(wanted)
})

test('a few cells that are no times do not hide the layout of the others', () => {
  const cells = Array.from({ length: 28 }, (_, i) => `${String(i + 1).padStart(2, '0')}.06.2025`)
  expect(seenTimes([...cells, 'cancelled']).formats).toEqual(['dd.MM.yyyy'])
})
