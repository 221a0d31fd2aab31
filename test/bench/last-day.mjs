import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './lines.mjs'

const LF = Buffer.from('\n')
const COMMA = 0x2c
const QUOTE = 0x22
const BLOCK = 1024 * 1024

/**
 * Cuts the rows of the last day, by their own date, out of raw tables: those of the days before go to one
 * folder, those of the last day to another. A table without times goes to both.
 *
 * @param {{ rawFolder: string, lastDay: string, beforeFolder: string, lastDayFolder: string }} options
 */
export function cutLastDay({ rawFolder, lastDay, beforeFolder, lastDayFolder }) {
  for (const folder of [beforeFolder, lastDayFolder]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }
  for (const name of readdirSync(rawFolder)) {
    const [from, before, after] = [rawFolder, beforeFolder, lastDayFolder].map((folder) => join(folder, name))
    if (from !== undefined && before !== undefined && after !== undefined)
      cutFile(from, lastDay, before, after)
  }
}

/**
 * @param {string} from
 * @param {string} lastDay
 * @param {string} before
 * @param {string} after
 */
function cutFile(from, lastDay, before, after) {
  const day = Buffer.from(lastDay)
  const lines = linesOf(from)
  const header = lines.next().value ?? Buffer.alloc(0)
  const column = header.toString().split(',').indexOf('time')
  if (column < 0) {
    for (const target of [before, after]) copyFileSync(from, target)
    return
  }
  const [earlier, later] = [new LineFile(before), new LineFile(after)]
  for (const target of [earlier, later]) target.add(header)
  for (const line of lines) {
    const start = startOfCell(line, column)
    // Dates order as their texts do.
    const isBefore = line.compare(day, 0, day.length, start, start + day.length) < 0
    ;(isBefore ? earlier : later).add(line)
  }
  for (const target of [earlier, later]) target.close()
}

/**
 * @param {Buffer} line
 * @param {number} column
 */
function startOfCell(line, column) {
  let at = 0
  for (let i = 0; i < column; i++) {
    const comma = line.indexOf(COMMA, at)
    const quote = line.indexOf(QUOTE, at)
    if (comma < 0 || (quote >= 0 && quote < comma)) throw new Error(`not a line of sample data: ${line}`)
    at = comma + 1
  }
  return at
}

/** A file of lines, written in large blocks. */
class LineFile {
  #file
  /** @type {Buffer[]} */
  #waiting = []
  #bytes = 0

  /** @param {string} path */
  constructor(path) {
    this.#file = openSync(path, 'wx')
  }

  /** @param {Buffer} line */
  add(line) {
    this.#waiting.push(line, LF)
    this.#bytes += line.length + 1
    if (this.#bytes >= BLOCK) this.#write()
  }

  close() {
    this.#write()
    closeSync(this.#file)
  }

  #write() {
    const block = Buffer.concat(this.#waiting)
    for (let at = 0; at < block.length; ) at += writeSync(this.#file, block, at)
    this.#waiting = []
    this.#bytes = 0
  }
}
