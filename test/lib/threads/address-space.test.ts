import { expect, test } from 'vitest'
import { parseAddressSpaceLimit } from '../../../src/lib/threads/address-space.ts'

/** As Linux writes /proc/self/limits. */
function limits(soft: string, hard: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max stack size            8388608              unlimited            bytes     ',
    'Max resident set          unlimited            unlimited            bytes     ',
    `Max address space         ${soft.padEnd(21)}${hard.padEnd(21)}bytes     `,
    'Max file locks            unlimited            unlimited            locks     ',
    '',
  ].join('\n')
}

test('the limit in force is the soft one', () => {
  expect(parseAddressSpaceLimit(limits('2048000000', 'unlimited'))).toBe(2_048_000_000)
  expect(parseAddressSpaceLimit(limits('1000', '2000'))).toBe(1000)
})

test('no limit, or no such line', () => {
  expect(parseAddressSpaceLimit(limits('unlimited', 'unlimited'))).toBeUndefined()
  expect(parseAddressSpaceLimit('')).toBeUndefined()
})
