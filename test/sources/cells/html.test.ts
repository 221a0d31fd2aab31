import { expect, test } from 'vitest'
import { htmlDecoded } from '../../../src/sources/cells/html.ts'

test.each([
  ['M&amp;S', 'M&S'],
  ['&amp;amp;', '&amp;'],
  ['&lt;b&gt; &quot;x&quot; &#39;y&#x27;', '<b> "x" \'y\''],
  ['&auml;&nbsp;&euro;', 'ä\u00a0€'],
  ['&#8364; &#x1F600;', '€ 😀'],
  ['AT&T, R&D &', 'AT&T, R&D &'],
  ['?a=1&copy=2&lt=3', '?a=1&copy=2&lt=3'],
  ['&unknown; &;', '&unknown; &;'],
  ['&#0;', '\ufffd'],
  ['&#xD800;', '\ufffd'],
  ['&#x110000;', '\ufffd'],
])('%s is %j', (text, decoded) => {
  expect(htmlDecoded(text)).toBe(decoded)
})
