import type { FileSample } from '../../../src/parsers/records/file-sample.ts'
import { allRawTables } from '../../../src/raw/index.ts'
import { type FileToMap, type MapResult, mapFiles } from '../../../src/sources/map/map-files.ts'
import { questionLines } from '../../../src/sources/map/settings-text.ts'

/** A small file as a whole. */
export function sampleOf(content: string | Uint8Array): FileSample {
  const head = typeof content === 'string' ? Buffer.from(content) : content
  return { bytes: head.length, isGzip: false, head, parts: [], isWhole: true }
}

/** What is found in files by their names. */
export function mapped(files: Readonly<Record<string, string | Uint8Array>>): MapResult {
  const all = Object.entries(files).map(
    ([name, content]): FileToMap => ({ name, isInside: true, sample: sampleOf(content) }),
  )
  return mapFiles(all, Object.values(allRawTables))
}

/** The questions as a person reads them, but for the time zone, which is asked nearly always. */
export function asked(result: MapResult): string[] {
  return result.questions
    .map((one) => questionLines(one).join(' '))
    .filter((text) => !/^the (time )?zone of/.test(text))
}
