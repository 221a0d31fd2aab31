import { stringify } from 'yaml'
import type { MapResult } from './map-files.ts'
import type { Question } from './proposal.ts'

/** Settings as YAML, ready to paste; empty if there is nothing to say. */
export function settingsYaml({ settings }: Pick<MapResult, 'settings'>): string {
  return Object.keys(settings).length === 0 ? '' : stringify(settings, { lineWidth: 0, singleQuote: true })
}

/**
 * A question as a sentence, and the setting that would answer it.
 *
 * @example { table: 'order_table', text: 'which?', setting: 'keep: last' } → ['order_table: which?', 'rawTables: { order_table: { keep: last } }']
 */
export function questionLines({ table, text, setting }: Question): string[] {
  const sentence = table === undefined ? text : `${table}: ${text}`
  if (setting === undefined) return [sentence]
  return [sentence, table === undefined ? setting : `rawTables: { ${table}: { ${setting} } }`]
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
    yaml === '' ? '# The files are as ecomagg expects them: nothing to declare.' : yaml.trimEnd(),
  ]
  return `${lines.join('\n')}\n`
}
