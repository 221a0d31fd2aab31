import { basename } from 'node:path'
import { isPlainObject, type Values } from '../../config/schema/values.ts'

/**
 * What version 1 of run records and manifests said of a raw table's only file, as version 2 says it of several.
 *
 * @param input with `file` (a path or null), `bytes` and `sha256`
 */
function withFiles(input: unknown): unknown {
  if (!isPlainObject(input) || 'files' in input) return input
  const { file, bytes, sha256 = null, ...others } = input
  return { ...others, files: typeof file === 'string' ? [{ file: basename(file), bytes, sha256 }] : [] }
}

function withFile(reason: unknown, input: Values): unknown {
  if (!isPlainObject(reason) || 'example_file' in reason) return reason
  return { ...reason, example_file: typeof input.file === 'string' ? basename(input.file) : '' }
}

/** A run record or manifest of version 1 as one of version 2; anything else as it is. */
export function fromVersion1(content: unknown): unknown {
  if (!isPlainObject(content) || content.schema_version !== 1) return content
  const { inputs } = content
  if (!Array.isArray(inputs)) return { ...content, schema_version: 2 }
  const upgraded = inputs.map((input: unknown) => {
    if (!isPlainObject(input) || !Array.isArray(input.reasons)) return withFiles(input)
    return withFiles({ ...input, reasons: input.reasons.map((reason: unknown) => withFile(reason, input)) })
  })
  return { ...content, schema_version: 2, inputs: upgraded }
}
