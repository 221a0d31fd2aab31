import { expect, test } from 'vitest'
import { urlParameter } from '../../../src/sources/cells/url-parameter.ts'

test.each([
  ['https://shop.de/?utm_source=google&utm_medium=cpc', 'google'],
  ['/p?a=1&utm_source=caf%C3%A9+au%20lait#utm_source=x', 'café au lait'],
  ['/p?utm_source=a&utm_source=b', 'a'],
  ['/p?utm%5Fsource=a', 'a'],
  ['/p?utm_source=a=b', 'a=b'],
  ['/p?utm_source=50%25%FF%', '50%%FF%'],
  ['/p?utm_source', ''],
  ['/p?utm_source=', ''],
  ['/p?xutm_source=a&utm_sources=b', ''],
  ['/p?UTM_SOURCE=a', ''],
  ['/p?a&&=&utm_source=b', 'b'],
  ['/p#?utm_source=a', ''],
  ['/p', ''],
  ['utm_source=a', ''],
])('%s holds %j', (text, value) => {
  expect(urlParameter('utm_source')(text)).toBe(value)
})
