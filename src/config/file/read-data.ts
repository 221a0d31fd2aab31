import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { brokenFile, type Position, type ReadFile } from '../problems/problem.ts'
import { nestedTooDeep } from './depth.ts'
import { tooDeepAt } from './token-depth.ts'

/**
 * A settings file in YAML 1.2 (core schema: a date stays a text, yes and no are texts).
 *
 * @throws KnownError config_broken
 */
export function readYaml(file: string, label: string, text: string): ReadFile {
  const { document, counter } = parse(file, label, text)
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) {
    throw brokenFile('config_broken', file, label, faultText(fault, text), {
      position: positionAt(counter, fault.pos[0]),
      cause: fault,
    })
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (cause) {
    // Aliases that grow without end, or that lead nowhere.
    throw brokenFile('config_broken', file, label, (cause as Error).message, { cause })
  }
  return { value: value ?? {}, positionOf: (path) => positionOf(document, counter, path) }
}

/**
 * A settings file in JSON; where a setting stands is looked up in it as YAML, which JSON is too.
 *
 * @throws KnownError config_broken
 */
export function readJson(file: string, label: string, withMark: string): ReadFile {
  const text = withMark.replace(/^\uFEFF/, '')
  const { document, counter } = parse(file, label, text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const what = (cause as Error).message.replace(/ in JSON at position .*$|, (\.\.\.)?".*$/s, '')
    throw brokenFile('config_broken', file, label, `it is not JSON: ${what.replaceAll('\n', ' ')}`, {
      position: positionAt(counter, faultOffset(text)),
      cause,
    })
  }
  const twice = document.errors.find(({ code }) => code === 'DUPLICATE_KEY')
  if (twice !== undefined) {
    throw brokenFile('config_broken', file, label, faultText(twice, text), {
      position: positionAt(counter, twice.pos[0]),
    })
  }
  return { value, positionOf: (path) => positionOf(document, counter, path) }
}

/** Where JSON ends to be some: the end of the longest start that could still become JSON. */
function faultOffset(text: string): number {
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (couldBecomeJson(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

function couldBecomeJson(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const { message } = error as Error
    const at = /at position (\d+)/.exec(message)?.[1]
    return /end of JSON|Unterminated/.test(message) || (at !== undefined && Number(at) >= start.length)
  }
}

/** @throws KnownError config_broken if it is nested too deep */
function parse(file: string, label: string, text: string) {
  const tooDeep = tooDeepAt(text)
  if (tooDeep !== undefined) throw nestedTooDeep(file, label, tooDeep)
  const counter = new LineCounter()
  const document: Document.Parsed = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    version: '1.2',
  })
  return { document, counter }
}

function faultText(
  fault: Document.Parsed['errors'][number] | Document.Parsed['warnings'][number],
  text: string,
) {
  if (fault.code !== 'DUPLICATE_KEY') return fault.message
  const key = /^"?([^":\n]*)/.exec(text.slice(fault.pos[0]))?.[1]?.trim()
  return `${key} is given twice`
}

function positionAt(counter: LineCounter, offset: number): Position | undefined {
  const { line, col } = counter.linePos(offset)
  return line === 0 ? undefined : { line, column: col }
}

/** Where a setting stands: its name, or its value in a list; the nearest one around it that is there. */
function positionOf(
  document: Document.Parsed,
  counter: LineCounter,
  path: readonly PropertyKey[],
): Position | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (pair === undefined) break
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)]
      if (item === undefined) break
      offset = startOf(item) ?? offset
      node = item
    } else break
  }
  return offset === undefined ? undefined : positionAt(counter, offset)
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined
}
