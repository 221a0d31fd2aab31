import { crc32 } from 'node:zlib'
import { HistoryDamage } from './damage.ts'

/** An array that is stored as it lies in memory, little-endian. */
export type SectionArray = Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array | Float64Array

const TYPES = {
  u8: Uint8Array,
  u16: Uint16Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  f64: Float64Array,
} as const
type TypeName = keyof typeof TYPES

/** name, type, length in elements, offset in bytes behind the head, crc32 of the bytes. */
type SectionHead = readonly [string, TypeName, number, number, number]

interface Head {
  readonly meta: Readonly<Record<string, number>>
  readonly sections: readonly SectionHead[]
}

const ALIGNMENT = 8
const PREFIX_BYTES = 16
const MAGIC = 0x48_4d_43_45

/** A piece of bytes. */
export interface Packed {
  readonly bytes: Buffer
  /** How many of the bytes, from the first on, are read at once: head and lead. */
  readonly lead: number
  /** A checksum of the head, and so of all bytes, since the head holds theirs. */
  readonly check: number
}

/**
 * Packs named arrays into one piece of bytes: a prefix, a head in JSON that says where each lies, and the
 * arrays. Those added first lie first, so that they can be read together with the head.
 */
export class SectionWriter {
  readonly #meta: Readonly<Record<string, number>>
  readonly #sections: { name: string; bytes: Uint8Array; type: TypeName; length: number }[] = []
  #leadSections = 0

  /** @param meta numbers to keep in the head */
  constructor(meta: Readonly<Record<string, number>> = {}) {
    this.#meta = meta
  }

  add(name: string, array: SectionArray): void {
    const type = (Object.keys(TYPES) as TypeName[]).find((one) => array instanceof TYPES[one])!
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    this.#sections.push({ name, bytes, type, length: array.length })
  }

  /** What was added so far is read together with the head. */
  endLead(): void {
    this.#leadSections = this.#sections.length
  }

  finish(): Packed {
    let offset = 0
    let leadEnd = 0
    const heads: SectionHead[] = this.#sections.map(({ name, type, length, bytes }, i) => {
      const at = offset
      offset = aligned(offset + bytes.length)
      if (i < this.#leadSections) leadEnd = offset
      return [name, type, length, at, crc32(bytes)]
    })
    const head = Buffer.from(JSON.stringify({ meta: this.#meta, sections: heads } satisfies Head), 'utf8')
    const start = aligned(PREFIX_BYTES + head.length)
    const bytes = Buffer.alloc(start + offset)
    bytes.writeUInt32LE(MAGIC, 0)
    bytes.writeUInt32LE(head.length, 4)
    head.copy(bytes, PREFIX_BYTES)
    this.#sections.forEach((section, i) => {
      bytes.set(section.bytes, start + heads[i]![3])
    })
    return { bytes, lead: start + leadEnd, check: crc32(head) }
  }
}

/** Reads bytes of a piece, counted from its start. */
export type ReadAt = (offset: number, length: number) => Buffer

/** Gives the arrays of one piece, reading each when it is asked for. */
export class SectionReader {
  readonly meta: Readonly<Record<string, number>>
  readonly #sections: ReadonlyMap<string, SectionHead>
  #lead: Buffer
  readonly #start: number
  readonly #readAt: ReadAt

  /** @throws HistoryDamage if the head is not the one that is expected */
  constructor(readAt: ReadAt, { lead, check }: Pick<Packed, 'lead' | 'check'>) {
    this.#readAt = readAt
    this.#lead = readAt(0, lead)
    if (lead < PREFIX_BYTES || this.#lead.readUInt32LE(0) !== MAGIC) throw new HistoryDamage('its head')
    const head = this.#lead.subarray(PREFIX_BYTES, PREFIX_BYTES + this.#lead.readUInt32LE(4))
    if (crc32(head) !== check) throw new HistoryDamage('its head')
    const { meta, sections } = JSON.parse(head.toString('utf8')) as Head
    this.meta = meta
    this.#sections = new Map(sections.map((section) => [section[0], section]))
    this.#start = aligned(PREFIX_BYTES + head.length)
  }

  has(name: string): boolean {
    return this.#sections.has(name)
  }

  /** @throws HistoryDamage if the bytes are not those that were written */
  read(name: string): SectionArray {
    const section = this.#sections.get(name)
    if (section === undefined) throw new HistoryDamage(`section ${name}, which is missing`)
    const size = sizeOf(section)
    const from = this.#start + section[3]
    const bytes =
      from + size <= this.#lead.length ? this.#lead.subarray(from, from + size) : this.#readAt(from, size)
    return arrayOf(section, bytes)
  }

  /**
   * Reads several sections at once, which lie side by side; those that are missing are left out.
   *
   * @throws HistoryDamage if the bytes are not those that were written
   */
  readTogether(names: readonly string[]): Map<string, SectionArray> {
    const found = names.map((name) => this.#sections.get(name)).filter((section) => section !== undefined)
    let from = Number.POSITIVE_INFINITY
    let to = 0
    for (const section of found) {
      from = Math.min(from, section[3])
      to = Math.max(to, section[3] + sizeOf(section))
    }
    const bytes = found.length === 0 ? Buffer.alloc(0) : this.#readAt(this.#start + from, to - from)
    return new Map(
      found.map((section) => {
        const [name, , , offset] = section
        return [
          name,
          arrayOf(section, bytes.subarray(offset - from, offset - from + sizeOf(section))),
        ] as const
      }),
    )
  }

  /** The sections that were read with the head are asked for no more. */
  forgetLead(): void {
    this.#lead = Buffer.alloc(0)
  }
}

/** The array of a section, in the bytes themselves if they lie as they must. */
function arrayOf(section: SectionHead, bytes: Buffer): SectionArray {
  const [name, type, length, , crc] = section
  const create = TYPES[type]
  if (bytes.length !== sizeOf(section) || crc32(bytes) !== crc) throw new HistoryDamage(`section ${name}`)
  if (bytes.byteOffset % ALIGNMENT === 0)
    return new create(bytes.buffer as ArrayBuffer, bytes.byteOffset, length)
  return new create(new Uint8Array(bytes).buffer)
}

/** In bytes. */
function sizeOf([, type, length]: SectionHead): number {
  return length * TYPES[type].BYTES_PER_ELEMENT
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}
