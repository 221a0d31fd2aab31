import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1024 * 1024

/**
 * The lines of a file, one after the other and without the LF, however large it is. A line break inside quotes
 * ends a line here, too; sample data has none.
 *
 * @param {string} path
 * @returns {Generator<Buffer, void>}
 */
export function* linesOf(path) {
  const file = openSync(path, 'r')
  try {
    let rest = Buffer.alloc(0)
    const chunk = Buffer.alloc(CHUNK)
    for (;;) {
      const length = readSync(file, chunk, 0, CHUNK, null)
      if (length === 0) break
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)])
      let from = 0
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.subarray(from, end)
        from = end + 1
      }
      rest = bytes.subarray(from)
    }
    if (rest.length > 0) yield rest
  } finally {
    closeSync(file)
  }
}

/** @param {string} path */
export function countLines(path) {
  const lines = linesOf(path)
  let count = 0
  while (lines.next().done !== true) count++
  return count
}
