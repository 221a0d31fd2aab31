import type { ByteStep } from '../../../src/sources/bytes/byte-step.ts'

/** What a step makes of chunks that nobody may look at after the next call: they are wiped. */
export function fed(step: ByteStep | undefined, chunks: readonly Uint8Array[]): Buffer {
  if (step === undefined) throw new Error('there is no step')
  const out: Buffer[] = []
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk)
    out.push(Buffer.from(step.push(lent)))
    lent.fill('#')
  }
  out.push(Buffer.from(step.finish()))
  return Buffer.concat(out)
}

/** The bytes as one chunk, byte by byte, and cut at each place and at each two places. */
export function cuts(bytes: Uint8Array): Uint8Array[][] {
  const result = [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]
  for (let a = 1; a < bytes.length; a++)
    for (let b = a; b < bytes.length; b++)
      result.push([bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)])
  return result
}
