import { type CST, LineCounter, Parser } from 'yaml'
import type { Position } from '../problems/problem.ts'
import { MOST_LEVELS } from './depth.ts'

/**
 * Where a text in YAML or JSON begins to be nested too deep, by its tokens alone: to make values of them goes
 * down into itself, and ends the process near the end of the stack.
 */
export function tooDeepAt(text: string): Position | undefined {
  const counter = new LineCounter()
  for (const token of new Parser(counter.addNewLine).parse(text)) {
    let level: readonly CST.Token[] = token.type === 'document' && token.value ? [token.value] : []
    for (let depth = 0; level.length > 0; depth++) {
      const collections = level.filter((one) => 'items' in one)
      if (collections.length > 0 && depth >= MOST_LEVELS) {
        const { line, col } = counter.linePos(collections[0]!.offset)
        return { line, column: col }
      }
      level = collections.flatMap(({ items }) =>
        (items as readonly CST.CollectionItem[]).flatMap(({ key, value }) =>
          [key, value].filter((one) => !!one),
        ),
      )
    }
  }
  return undefined
}
