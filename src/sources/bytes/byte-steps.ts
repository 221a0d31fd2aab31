import type { Encoding, Quotes } from '../../rules/sources/files.ts'
import { backslashStep } from './backslash-quotes.ts'
import { type ByteStep, copied, joined } from './byte-step.ts'
import { encodingStep } from './declared-encoding.ts'

/** How the bytes of a file are written. */
export interface ByteOptions {
  readonly encoding: Encoding
  readonly quotes: Quotes
  /** The byte that separates cells. */
  readonly delimiter: number
}

/**
 * What turns the bytes of a file into UTF-8 CSV as RFC 4180 has it: the encoding first, then the quotes. Each file
 * needs steps of its own.
 *
 * @returns undefined if nothing is to be done: UTF-8 with doubled quotes
 * @throws EncodingFault (by push and finish) if the file is not encoded as declared
 */
export function byteSteps({ encoding, quotes, delimiter }: ByteOptions): ByteStep | undefined {
  const decode = encoding === 'utf-8' ? undefined : encodingStep(encoding)
  const requote = quotes === 'doubled' ? undefined : backslashStep(delimiter)
  return decode !== undefined && requote !== undefined ? both(decode, requote) : (decode ?? requote)
}

function both(first: ByteStep, second: ByteStep): ByteStep {
  return {
    push: (chunk) => second.push(first.push(chunk)),
    finish() {
      const rest = copied(second.push(first.finish()))
      return joined(rest, second.finish())
    },
  }
}
