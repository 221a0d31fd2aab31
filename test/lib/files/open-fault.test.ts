import { expect, test } from 'vitest'
import { readHint, writeFault } from '../../../src/lib/files/open-fault.ts'

test('a file that another program has open, as Excel has it on Windows', () => {
  expect(writeFault('EBUSY', 'win32')).toBe('another program has it open (EBUSY)')
  expect(readHint('C:\\shop\\user_table.csv', 'EBUSY', 'win32')).toBe(
    'close the program that has it open, then run again',
  )
})

test('names commands of the system that it runs on', () => {
  expect(writeFault('EPERM', 'win32')).toBe('it is read-only, or this user may not write to it')
  expect(writeFault('EPERM', 'linux')).toBe('it is immutable or append-only (lsattr shows it)')
  expect(readHint('C:\\my shop\\a.csv', 'EPERM', 'win32')).toBe(
    'check the file\'s permissions: icacls "C:\\my shop\\a.csv"',
  )
  expect(readHint('/shop/a.csv', 'EACCES', 'linux')).toBe("check the file's permissions: ls -l /shop/a.csv")
})

test('others are told as they are', () => {
  expect(writeFault('EROFS', 'linux')).toBe('it cannot be opened for writing (EROFS)')
})
