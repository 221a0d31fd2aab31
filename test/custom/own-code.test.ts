import { expect, test } from 'vitest'
import { runOwnCode } from '../../src/custom/own-code.ts'

test.each([
  ['Linux', 'nothing (/my shop/lib/helper.ts:1:224)', '/my shop/lib/helper.ts:1:224'],
  ['Windows', 'nothing (C:\\my shop\\lib\\helper.ts:1:224)', 'C:\\my shop\\lib\\helper.ts:1:224'],
  [
    'Windows, as jiti writes it',
    'nothing (C:/my shop/lib/helper.ts:1:224)',
    'C:/my shop/lib/helper.ts:1:224',
  ],
  ['Windows, outside of functions', 'C:/my shop/helper.ts:1:224', 'C:/my shop/helper.ts:1:224'],
  ['a module', 'file:///C:/shop/helper.ts:1:224', 'file:///C:/shop/helper.ts:1:224'],
])('the place of what own code throws: %s', (_, frame, place) => {
  const error = new Error('boom')
  error.stack = `Error: boom\n    at ${frame}\n    at later (/other.ts:1:1)`
  const run = () => {
    throw error
  }
  expect(() => runOwnCode('table t', run)).toThrow(`table t of the settings failed: Error: boom (${place})`)
})
