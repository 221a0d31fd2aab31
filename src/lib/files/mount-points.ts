import { readFileSync } from 'node:fs'

/**
 * Paths over which something is mounted: such a file can be written to, but neither replaced nor removed.
 * Known on Linux only; elsewhere none.
 */
export function mountPoints(): Set<string> {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'latin1'))
  } catch {
    return new Set()
  }
}

/** The fifth field of each line of mountinfo, in which blanks and the like stand as octal numbers (proc(5)). */
export function parseMountInfo(text: string): Set<string> {
  const places = text.split('\n').flatMap((line) => line.split(' ')[4] ?? [])
  return new Set(
    places.map((place) =>
      Buffer.from(
        place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
        'latin1',
      ).toString('utf8'),
    ),
  )
}
