import { expect, test } from 'vitest'
import {
  isTemporaryName,
  newAnnouncement,
  parseAnnouncement,
  temporaryName,
} from '../../../src/run/lock/announcement.ts'

test('the name says all, and no two are alike', () => {
  const one = newAnnouncement('file', 2n ** 64n - 1n)
  expect(one).toMatchObject({ kind: 'file', pid: process.pid })
  expect(parseAnnouncement(one.name)).toEqual(one)
  expect(newAnnouncement('file', 1n).ticket).not.toBe(one.ticket)
  expect(Buffer.byteLength(one.name), 'room for it in a path of a socket').toBeLessThan(108)
  expect([temporaryName(one), one.name].map(isTemporaryName)).toEqual([true, false])
})

test.each([
  'lock.json',
  'lock',
  'lock-.tmp',
  'lock-0123456789-01234567-a-b-0-c-host.socket',
  'lock-0123456789-01234567-a-b-12-c-host.socket.tmp',
  'lock-0123456789-01234567-a-b-12-c-../host.socket',
  'lock-0123456789-01234567-a-b-12345678901-c-host.file',
])('a name of somebody else: %s', (name) => {
  expect(parseAnnouncement(name)).toBeUndefined()
  expect(isTemporaryName(name)).toBe(false)
})
