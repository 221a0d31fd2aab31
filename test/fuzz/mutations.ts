import { gzipSync } from 'node:zlib'
import type { Random } from '../support/random.ts'

/** A changed file: its bytes, and whether it is now gzip'd. */
export interface Mutated {
  readonly bytes: Buffer
  readonly isGzip: boolean
  /** What was done, for the message of a failing case. */
  readonly what: string
}

type Mutation = (file: Buffer, random: Random) => Buffer

const NASTY = [
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\t',
  ' ',
  ';',
  '\ufeff',
  '\u00a0',
  '\u2028',
  '😀',
  'NaN',
  '1e999',
  '-',
  '=',
  '__proto__',
  'constructor',
  '"\n"',
  '",',
  ',"',
  '9'.repeat(400),
  '\ufffd',
].map((text) => Buffer.from(text))
const RAW_BYTES = [
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0x80]),
]

function splice(file: Buffer, at: number, remove: number, insert: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, at), insert, file.subarray(at + remove)])
}

function lines(file: Buffer): string[] {
  return file.toString('latin1').split('\n')
}

function joined(parts: readonly string[]): Buffer {
  return Buffer.from(parts.join('\n'), 'latin1')
}

/** Changes after which anything may come out but a crash, a hang or a wrong count. */
const destructive: Readonly<Record<string, Mutation>> = {
  'replace a byte': (file, random) =>
    splice(file, random.whole(0, file.length - 1), 1, Buffer.from([random.whole(0, 255)])),
  'delete bytes': (file, random) =>
    splice(file, random.whole(0, file.length - 1), 1 + random.whole(0, 7), Buffer.alloc(0)),
  'insert nasty text': (file, random) =>
    splice(file, random.whole(0, file.length), 0, random.pick([...NASTY, ...RAW_BYTES])),
  'insert several nasty texts': (file, random) => {
    let result = file
    for (let i = 0; i < 4; i++) result = splice(result, random.whole(0, result.length), 0, random.pick(NASTY))
    return result
  },
  'cut off the end': (file, random) => file.subarray(0, random.whole(0, file.length)),
  'repeat a piece': (file, random) => {
    const at = random.whole(0, file.length - 1)
    return splice(file, at, 0, file.subarray(at, at + random.whole(0, 59)))
  },
  'repeat a line': (file, random) => {
    const all = lines(file)
    const at = random.whole(0, all.length - 1)
    return joined([...all.slice(0, at), all[at]!, ...all.slice(at)])
  },
  'drop a line': (file, random) => {
    const all = lines(file)
    all.splice(random.whole(0, all.length - 1), 1)
    return joined(all)
  },
  'swap two lines': (file, random) => {
    const all = lines(file)
    const [a, b] = [random.whole(0, all.length - 1), random.whole(0, all.length - 1)]
    const first = all[a]!
    all[a] = all[b]!
    all[b] = first
    return joined(all)
  },
  'drop a column': (file, random) => {
    const all = lines(file).map((line) => line.split(','))
    const column = random.whole(0, all[0]!.length - 1)
    return joined(all.map((cells) => cells.filter((_, i) => i !== column).join(',')))
  },
  'garble a gzip': (file) => file,
}

/** Changes of form alone: the values, and so every byte of output, stay the same. */
const harmless: Readonly<Record<string, Mutation>> = {
  CRLF: (file) => Buffer.from(file.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  CR: (file) => Buffer.from(file.toString('latin1').replaceAll('\n', '\r'), 'latin1'),
  'mixed line ends': (file, random) =>
    Buffer.from(
      file.toString('latin1').replaceAll('\n', () => random.pick(['\n', '\r\n', '\r'])),
      'latin1',
    ),
  'byte order mark': (file) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), file]),
  'blank lines': (file, random) =>
    joined(
      lines(file).flatMap((line) => (random.chance(0.3) ? [random.pick(['', ' ', '\t ']), line] : [line])),
    ),
  'no final newline': (file) => Buffer.from(file.toString('latin1').trimEnd(), 'latin1'),
  'quoted cells': (file, random) => cells(file, (cell) => (random.chance(0.5) ? `"${cell}"` : cell)),
  'blanks around cells': (file, random) => cells(file, (cell) => (random.chance(0.5) ? ` ${cell}\t` : cell)),
  'blanks inside quotes': (file, random) =>
    cells(file, (cell) => (random.chance(0.5) ? `"\t${cell} "` : cell)),
  'shuffled columns': (file, random) => {
    const all = lines(file).map((line) => line.split(','))
    const order = random.shuffled(all[0]!.map((_, i) => i))
    return joined(
      all.map((row) => (row.length === order.length ? order.map((i) => row[i]).join(',') : row.join(','))),
    )
  },
  'an extra column': (file) =>
    joined(
      lines(file).map((line, i) => (line === '' ? line : `${line},${i === 0 ? 'extra' : `"x, ""${i}"""`}`)),
    ),
  gzip: (file) => file,
}

/** The base files hold no quotes, so that a cell is what stands between commas. */
function cells(file: Buffer, change: (cell: string) => string): Buffer {
  return joined(lines(file).map((line) => (line === '' ? line : line.split(',').map(change).join(','))))
}

export function mutateHarmlessly(file: Buffer, random: Random): Mutated {
  const what = random.pick(Object.keys(harmless))
  const changed = harmless[what]!(file, random)
  if (what !== 'gzip') return { bytes: changed, isGzip: false, what }
  const cut = random.whole(0, file.length)
  return {
    bytes: Buffer.concat([gzipSync(file.subarray(0, cut)), gzipSync(file.subarray(cut))]),
    isGzip: true,
    what,
  }
}

export function mutateDestructively(file: Buffer, random: Random): Mutated {
  const what = random.pick(Object.keys(destructive))
  if (what !== 'garble a gzip') return { bytes: destructive[what]!(file, random), isGzip: false, what }
  const zipped = gzipSync(file)
  const replacement = Buffer.from([random.whole(0, 255)])
  return { bytes: splice(zipped, random.whole(0, zipped.length - 1), 1, replacement), isGzip: true, what }
}
