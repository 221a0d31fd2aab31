import { readFileSync } from 'node:fs'
import type { Position } from '../problems/problem.ts'

/**
 * What went wrong in a module, and where. On Windows jiti writes paths with slashes, and the drive of the
 * file before what the parser says.
 *
 * @param file the module that was loaded
 */
export function explained(file: string, error: unknown): { what: string; position: Position | undefined } {
  if (!(error instanceof Error)) return { what: String(error), position: undefined }
  const [first] = error.message.split('\n') as [string]
  const place = /^(.*):(\d+):(\d+)\s*$/.exec(error.message.split('\n').at(-1)!)
  if (first.startsWith('ParseError: ') && place !== null) {
    const what = first.replace(/^ParseError: ([A-Za-z]:\\: )?/, '').trim()
    const inOther = isSame(place[1]!.trim(), file) ? '' : ` (in ${place[1]!.trim()}, line ${place[2]})`
    const position = { line: Number(place[2]), column: Number(place[3]) + 1 }
    return { what: `${what}${inOther}`, position: inOther === '' ? position : undefined }
  }
  const name = error.name === 'Error' ? '' : `${error.name}: `
  const position = frameIn(file, error.stack ?? '') ?? importIn(file, first)
  return { what: `${name}${first}${otherFrame(file, error.stack ?? '')}`, position }
}

/** The first place of a stack that is in the file. */
function frameIn(file: string, stack: string): Position | undefined {
  for (const line of stack.split('\n')) {
    const at = withSlashes(line).indexOf(`${withSlashes(file)}:`)
    const place = at < 0 ? null : /^:(\d+):(\d+)/.exec(line.slice(at + file.length))
    if (place !== null) return { line: Number(place[1]), column: Number(place[2]) }
  }
  return undefined
}

/** Where it was thrown, if that is in another file of the shop's. */
function otherFrame(file: string, stack: string): string {
  const frame = /^ {4}at (?:.*\()?(?:file:\/\/)?([^()]+):(\d+):\d+\)?$/m.exec(stack)
  if (frame === null || isSame(frame[1]!, file) || /^node:|[\\/]node_modules[\\/]/.test(frame[1]!)) return ''
  return ` (in ${frame[1]}, line ${frame[2]})`
}

/** Where a file imports what was not found. */
function importIn(file: string, message: string): Position | undefined {
  const wanted = /^Cannot find module '([^']+)'/.exec(message)?.[1]
  if (wanted === undefined) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const index = lines.findIndex((line) => line.includes(`'${wanted}'`) || line.includes(`"${wanted}"`))
  return index < 0 ? undefined : { line: index + 1, column: 1 }
}

function isSame(path: string, file: string): boolean {
  return withSlashes(path) === withSlashes(file)
}

/** Of the same length, so that places in it are places in the other. */
function withSlashes(path: string): string {
  return path.replaceAll('\\', '/')
}
