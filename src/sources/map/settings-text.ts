import { createRequire } from 'node:module'
import type { MapResult } from './map-files.ts'
import type { SharedQuestion } from './proposal.ts'

/** Settings as YAML, ready to paste; empty if there is nothing to say. */
export function settingsYaml({ settings }: Pick<MapResult, 'settings'>): string {
  if (Object.keys(settings).length === 0) return ''
  const yaml = library().stringify(settings, { lineWidth: 0, singleQuote: true })
  // A bare tab is not seen, and lost on its way through a terminal.
  return yaml.replaceAll("'\t'", String.raw`"\t"`)
}

let loaded: typeof import('yaml') | undefined

/** Read only when settings are printed. */
function library(): typeof import('yaml') {
  loaded ??= createRequire(import.meta.url)('yaml') as typeof import('yaml')
  return loaded
}

/**
 * A question as a sentence, and the setting that would answer it.
 *
 * @example { tables: ['order_table'], text: 'which?', setting: 'keep: last' } →
 *   ['order_table: which?', 'rawTables: { order_table: { keep: last } }']
 */
export function questionLines({ tables, text, setting }: SharedQuestion): string[] {
  const sentence = tables.length === 0 ? text : `${tables.join(', ')}: ${text}`
  if (setting === undefined) return [sentence]
  const each = tables.map((table) => `${table}: { ${setting} }`).join(', ')
  return [sentence, tables.length === 0 ? setting : `rawTables: { ${each} }`]
}

/** A settings file: what is proposed, and above it, as comments, what cannot be known. */
export function settingsFileText(result: Pick<MapResult, 'settings' | 'questions'>): string {
  const yaml = settingsYaml(result)
  const comment = (line: string) => `# ${line.replace(/\s+/g, ' ')}`
  const questions = result.questions.flatMap((question) => {
    const [sentence = '', ...settings] = questionLines(question)
    return [comment(`- ${sentence}`), ...settings.map((line) => comment(`    ${line.trim()}`))]
  })
  const lines = [
    '# What ecomagg map proposes for these exports. Compare the totals of a first run with those of the shop.',
    ...(questions.length === 0 ? [] : ['#', '# What it cannot know:', ...questions]),
    '',
    yaml === ''
      ? '# Nothing is to be declared but what you answer above: the files are read as they are.'
      : yaml.trimEnd(),
  ]
  return `${lines.join('\n')}\n`
}
