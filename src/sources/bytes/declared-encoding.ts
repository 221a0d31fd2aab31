import type { Encoding } from '../../rules/sources/files.ts'
import { type ByteStep, copied, joined, NOTHING } from './byte-step.ts'
import { EncodingFault, type FoundEncoding } from './encoding-fault.ts'
import { singleByteStep } from './single-byte.ts'
import { utf16Step } from './utf-16.ts'

/** So many bytes tell a byte order mark, or zeros as ASCII text has them in UTF-16. */
const HEAD = 4

/**
 * Turns the declared encoding into UTF-8 without a byte order mark.
 *
 * @throws EncodingFault (by push and finish) if the first bytes of the file say that it is encoded otherwise
 */
export function encodingStep(encoding: Exclude<Encoding, 'utf-8'>): ByteStep {
  let head: Uint8Array = NOTHING
  let step: ByteStep | undefined
  const start = () => {
    const { from, decode } = started(encoding, head)
    step = decode
    return { decode, first: decode.push(head.subarray(from)) }
  }
  return {
    push(chunk) {
      if (step !== undefined) return step.push(chunk)
      head = joined(head, chunk)
      return head.length < HEAD ? NOTHING : start().first
    },
    finish() {
      if (step !== undefined) return step.finish()
      if (head.length === 0) return NOTHING
      const { decode, first } = start()
      return joined(copied(first), decode.finish())
    },
  }
}

/** Looks at the first bytes of a file. @returns its decoder, and where that has to start */
function started(encoding: Exclude<Encoding, 'utf-8'>, head: Uint8Array): { from: number; decode: ByteStep } {
  const mark = markOf(head)
  if (mark === 'utf-8') throw new EncodingFault(encoding, 'utf-8')
  if (encoding !== 'utf-16') {
    if (mark !== undefined) throw new EncodingFault(encoding, 'utf-16')
    return { from: 0, decode: singleByteStep(encoding) }
  }
  if (mark === undefined) throw new EncodingFault(encoding, unmarked(head))
  return { from: 2, decode: utf16Step(mark) }
}

function markOf([a, b, c]: Uint8Array): 'utf-8' | 'little' | 'big' | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'little'
  return a === 0xfe && b === 0xff ? 'big' : undefined
}

/** What a file without a mark is: in UTF-16, every second byte of ASCII texts is zero. */
function unmarked([a, b, c, d]: Uint8Array): FoundEncoding {
  if (a === 0 && b !== 0 && c === 0) return 'utf-16be'
  return a !== 0 && b === 0 && d === 0 ? 'utf-16le' : 'other'
}
