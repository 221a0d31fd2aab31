import { grouped, plural } from '../../lib/texts/grouped.ts'
import type { MappedFile } from '../../sources/map/map-file.ts'
import type { MapResult } from '../../sources/map/map-files.ts'
import type { ColumnReport } from '../../sources/map/proposal.ts'
import { questionLines, settingsYaml } from '../../sources/map/settings-text.ts'
import { tablesOf } from '../../sources/presets/preset.ts'
import { linesOf, type Paint, sizeText, tableLines, wrapped } from './terminal.ts'

const WIDTH = 100
/** Names of a header that are shown. */
const MOST_NAMES = 30

/** What `ecomagg map` found in one file. */
export function mappedFileLines(
  path: string,
  found: MappedFile,
  showValues: boolean,
  paint: Paint,
): string[] {
  const { sample, header, fault, match, proposal, preset } = found
  const title = paint.bold(path)
  if (fault !== undefined || header === undefined)
    return [title, ...wrapped(fault ?? 'it cannot be split', WIDTH, '  '), '']
  const seen =
    sample.isWhole && !header.isCut
      ? 'all of it'
      : sample.isWhole || sample.isGzip
        ? 'its beginning'
        : 'beginning, middle and end'
  const facts = [
    [
      'size',
      `${sizeText(sample.bytes)}${sample.isGzip ? ', gzip' : ''}; ${plural(found.records, 'row')} seen (${seen})`,
    ],
    ['encoding', encodingText(found)],
    ['delimiter', `${DELIMITER_WORDS[header.delimiter]}; quotes ${header.quotes}`],
  ]
  if (header.skipLines > 0) facts.push(['above header', plural(header.skipLines, 'line')])
  if (header.others > 0)
    facts.push(['uneven', `${plural(header.others, 'record')} with another number of fields than the header`])
  if (header.isBroken) facts.push(['broken', 'a quote never closes, or text follows a closing one'])
  facts.push([
    'holds',
    preset !== undefined
      ? tablesOf(preset).join(', ')
      : match === undefined
        ? 'no raw table that can be told by its columns'
        : match.table.name,
  ])
  if (preset !== undefined) facts.push(['known as', `${preset.name} (${preset.system})`])
  const lines = [title, ...tableLines(facts, ['left', 'left']).map((line) => `  ${line}`)]
  if (preset !== undefined) return [...lines, '']
  if (proposal === undefined) {
    const names = header.names.slice(0, MOST_NAMES).map((name) => name.slice(0, 60))
    return [...lines, ...wrapped(`columns: ${names.join(', ')}`, WIDTH, '  '), '']
  }
  return [...lines, ...columnLines(proposal.columns, showValues).map((line) => `  ${line}`), '']
}

const DELIMITER_WORDS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const

function encodingText({ encoding }: MappedFile): string {
  const mark = encoding.hasMark ? ' with a byte order mark' : ''
  return `${encoding.encoding ?? 'unknown'}${mark}${encoding.isLikely ? ' (likely)' : ''}`
}

function columnLines(columns: readonly ColumnReport[], showValues: boolean): string[] {
  if (columns.length === 0) return []
  const isEmpty = ({ target, source, cells }: ColumnReport) => cells === 0 && source === target
  const empty = columns.filter(isEmpty).map(({ target }) => target)
  const more = empty.length === 0 ? [] : wrapped(`no cell seen: ${empty.join(', ')}`, WIDTH, '')
  if (empty.length === columns.length) return more
  const rows = columns
    .filter((one) => !isEmpty(one))
    .map(({ target, source, kind, cells, fits, shape, example }) => [
      target,
      source === target ? '' : source,
      kind,
      cells === 0 ? 'empty' : `${grouped(fits)} of ${grouped(cells)}`,
      (showValues ? example : shape) ?? '',
    ])
  const header = ['column', 'from', 'kind', 'cells that fit', showValues ? 'such as' : 'shape']
  return [...tableLines([header, ...rows], ['left', 'left', 'left', 'right', 'left']), ...more]
}

/** What follows from all files: what cannot be known, and the settings to paste. */
export function proposalLines(result: MapResult, paint: Paint): string[] {
  const lines: string[] = []
  if (result.questions.length > 0) {
    lines.push(paint.bold('what I cannot know'))
    for (const question of result.questions) {
      const [sentence = '', ...settings] = questionLines(question)
      const [first = '', ...rest] = wrapped(sentence, WIDTH, '  ')
      lines.push(`- ${first.trimStart()}`, ...rest, ...settings.map((line) => `    ${line}`))
    }
    lines.push('')
  }
  if (result.files.every(({ found }) => found.match === undefined && found.preset === undefined)) return lines
  const yaml = settingsYaml(result)
  if (yaml === '') return [...lines, 'nothing to declare: these files are read as they are']
  return [...lines, paint.bold('settings to paste'), ...linesOf(yaml)]
}
