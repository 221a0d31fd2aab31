import { expect, test } from 'vitest'
import { Growing } from '../../../src/lib/numbers/growing.ts'

test('holds what was pushed, whatever its first capacity', () => {
  for (const capacity of [0, 1, 2, 7]) {
    const growing = new Growing(Float64Array, capacity)
    const plain: number[] = []
    for (let i = 0; i < 5000; i++) {
      growing.push(i / 3)
      plain.push(i / 3)
    }
    expect(growing.length).toBe(5000)
    expect([...growing.trim()]).toEqual(plain)
  }
})

test('reserve makes room of zeros that do not count, and keeps what is there', () => {
  const growing = new Growing(Int32Array, 2)
  growing.push(7)
  growing.reserve(100)
  expect(growing.length).toBe(1)
  expect(growing.values.length).toBeGreaterThanOrEqual(100)
  expect([...growing.values.subarray(0, 3)]).toEqual([7, 0, 0])
  growing.reserve(3)
  expect([...growing.trim()]).toEqual([7])
})

test('trim of a full one is the array itself', () => {
  const growing = new Growing(Int8Array, 2)
  growing.push(1)
  growing.push(-1)
  expect(growing.trim()).toBe(growing.values)
})
