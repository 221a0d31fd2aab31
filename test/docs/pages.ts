import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** The pages that people read, relative to the root of the project. */
export const pages: readonly string[] = [
  'README.md',
  ...['docs', 'docs/sources'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
]

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** A fenced block of a page, with the HTML comments right above it, which no reader sees. */
export interface Block {
  /** The line of its fence, counted from 1. */
  readonly line: number
  readonly language: string
  readonly code: string
  /** What the comments say: `exits 65` is `['exits', '65']`, `before: ls` is `['before', 'ls']`. */
  readonly notes: ReadonlyMap<string, string>
}

/** All fenced blocks of a page, in its order. A block in a list is indented. */
export function blocksOf(page: string): readonly Block[] {
  const lines = textOf(page).split('\n')
  const blocks: Block[] = []
  let notes = new Map<string, string>()
  for (let at = 0; at < lines.length; at++) {
    const note = /^ *<!-- (?:(exits) (\d+)|([a-z ]+?)(?:: (.*))?) -->$/.exec(lines[at]!)
    if (note !== null) {
      notes.set(note[1] ?? note[3]!, note[2] ?? note[4] ?? '')
      continue
    }
    const fence = /^( *)```(\w*)$/.exec(lines[at]!)
    if (fence !== null) {
      const end = lines.indexOf(`${fence[1]}\`\`\``, at + 1)
      if (end === -1) throw new Error(`${page}, line ${at + 1}: the block never ends`)
      const code = lines.slice(at + 1, end).map((line) => line.slice(fence[1]!.length))
      blocks.push({ line: at + 1, language: fence[2]!, code: `${code.join('\n')}\n`, notes })
      at = end
    }
    notes = new Map()
  }
  return blocks
}
