import { byteSteps } from '../../sources/bytes/byte-steps.ts'
import { EncodingFault, encodingError } from '../../sources/bytes/encoding-fault.ts'
import { type DiskHash, type InputFile, readChunks } from './input-file.ts'
import type { RecordForm } from './record-form.ts'

/**
 * The bytes of a file from its start as UTF-8 CSV: unzipped, and changed if they are written otherwise. A chunk is
 * only valid until the next is asked for.
 *
 * @param onBytes told of the bytes of disk read so far
 * @param hash given the bytes of disk
 * @throws KnownError encoding_mismatch, utf16_without_mark (data), and what readChunks throws
 */
export async function* readText(
  input: InputFile,
  table: string,
  form: RecordForm,
  onBytes?: (bytes: number) => void,
  hash?: DiskHash,
): AsyncGenerator<Uint8Array> {
  const steps = byteSteps(form)
  if (steps === undefined) {
    yield* readChunks(input, table, onBytes, hash)
    return
  }
  try {
    for await (const chunk of readChunks(input, table, onBytes, hash)) yield steps.push(chunk)
    yield steps.finish()
  } catch (error) {
    throw error instanceof EncodingFault ? encodingError(error, input.path, table) : error
  }
}
