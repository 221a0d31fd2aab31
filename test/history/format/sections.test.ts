import { describe, expect, test } from 'vitest'
import { type Packed, SectionReader, SectionWriter } from '../../../src/history/format/sections.ts'

const ARRAYS = {
  bytes: Uint8Array.of(1, 2, 255),
  none: new Uint8Array(0),
  shorts: Uint16Array.of(0, 65_535),
  signed: Int8Array.of(-128, 127),
  signedShorts: Int16Array.of(-32_768, 1, 2),
  integers: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
  numbers: Float64Array.of(1e300, Number.NaN, -0),
}

function packed() {
  const writer = new SectionWriter({ rows: 7 })
  const names = Object.keys(ARRAYS) as (keyof typeof ARRAYS)[]
  names.forEach((name, i) => {
    if (i === 2) writer.endLead()
    writer.add(name, ARRAYS[name])
  })
  return writer.finish()
}

function readerOf(bytes: Buffer, piece: Pick<Packed, 'lead' | 'check'>, asked: number[] = []): SectionReader {
  return new SectionReader((offset, length) => {
    asked.push(offset)
    return bytes.subarray(offset, offset + length)
  }, piece)
}

describe('sections', () => {
  test('come back as they were, of their types', () => {
    const { bytes, ...piece } = packed()
    const reader = readerOf(bytes, piece)
    expect(reader.meta).toEqual({ rows: 7 })
    for (const [name, array] of Object.entries(ARRAYS)) expect(reader.read(name), name).toEqual(array)
    expect(reader.has('other')).toBe(false)
  })

  test('of the lead are read together with the head', () => {
    const { bytes, ...piece } = packed()
    const asked: number[] = []
    const reader = readerOf(bytes, piece, asked)
    reader.read('bytes')
    reader.read('none')
    expect(asked).toEqual([0])
    reader.read('shorts')
    expect(asked).toHaveLength(2)
  })

  test('whatever byte is changed, what is read is right or refused', () => {
    const { bytes, ...piece } = packed()
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 0x41
      let found: unknown
      try {
        const reader = readerOf(damaged, piece)
        found = Object.fromEntries(Object.keys(ARRAYS).map((name) => [name, reader.read(name)]))
      } catch {
        continue
      }
      expect(found, `byte ${at}`).toEqual(ARRAYS)
    }
  })

  test('cut short are refused', () => {
    const { bytes, ...piece } = packed()
    expect(() => readerOf(bytes.subarray(0, bytes.length - 8), piece).read('numbers')).toThrow('numbers')
  })
})
