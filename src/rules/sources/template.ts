/** The name in a template that stands for the place of a row among those of its key. */
export const ROW_PLACE = 'row'

/** A text with places for others: `texts` has one more item than `names`, and each name stands between two. */
export interface Template {
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

/**
 * Takes a template apart. Blanks around a name do not count.
 *
 * @example parseTemplate('order:{Name}') → { texts: ['order:', ''], names: ['Name'] }
 * @throws SyntaxError that says which brace is wrong
 */
export function parseTemplate(source: string): Template {
  const texts: string[] = []
  const names: string[] = []
  let from = 0
  for (let open = source.indexOf('{'); open >= 0; open = source.indexOf('{', from)) {
    const close = source.indexOf('}', open)
    const inside = source.indexOf('{', open + 1)
    if (close < 0 || (inside >= 0 && inside < close))
      throw new SyntaxError(`the { at place ${open + 1} is not closed; write {Name of a column}`)
    const name = source.slice(open + 1, close).trim()
    if (name === '') throw new SyntaxError(`the {} at place ${open + 1} names no column`)
    texts.push(withoutBrace(source, from, open))
    names.push(name)
    from = close + 1
  }
  texts.push(withoutBrace(source, from, source.length))
  return { texts, names }
}

function withoutBrace(source: string, from: number, to: number): string {
  const text = source.slice(from, to)
  const brace = text.indexOf('}')
  if (brace >= 0) throw new SyntaxError(`the } at place ${from + brace + 1} closes nothing`)
  return text
}
