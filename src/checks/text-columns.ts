import type { Dictionary } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'

/** A column of ids or texts, and where it stands. */
export interface TextColumn extends TextVector {
  readonly table: string
  readonly column: string
}

/** The columns of ids and texts among what a finding needs, by the dictionary that they share. */
export function textColumns(tables: Readonly<Record<string, object>>): Map<Dictionary, TextColumn[]> {
  const found = new Map<Dictionary, TextColumn[]>()
  for (const [table, columns] of Object.entries(tables)) {
    for (const [column, vector] of Object.entries(columns)) {
      if (!isTexts(vector)) continue
      const { codes, dictionary } = vector
      const same = found.get(dictionary) ?? []
      same.push({ table, column, codes, dictionary })
      found.set(dictionary, same)
    }
  }
  return found
}

function isTexts(vector: unknown): vector is TextVector {
  return typeof vector === 'object' && vector !== null && 'codes' in vector
}
