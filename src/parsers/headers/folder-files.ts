import { KnownError } from '../../lib/errors.ts'
import { shellName } from '../../lib/files/shell-name.ts'
import type { RawTable } from '../../raw/define.ts'
import type { RawTableName } from '../../raw/index.ts'
import type { Rules } from '../../rules/rules.ts'
import { findFiles, globOfName } from '../../sources/files/find-files.ts'
import { mapFile } from '../../sources/map/map-file.ts'
import { isComplete } from '../../sources/map/match-table.ts'
import type { Preset } from '../../sources/presets/preset.ts'
import { globsOf } from '../../sources/table-source.ts'
import { sampleFile } from '../records/file-sample.ts'

/** Files that are looked at, and how much of each: the run fails anyway, and should do so soon. */
const MOST_FILES = 200
const LOOKED_AT = { head: 32 * 1024, part: 0 }
const ENDINGS = /\.(?:csv|tsv|txt)(?:\.gz)?$/i

/** The files of an input folder that no table is read from; looked at only if somebody asks. */
export class FolderFiles {
  readonly #folder: string
  readonly #tables: readonly RawTable[]
  readonly #rules: Rules
  #holding: Promise<ReadonlyMap<RawTable, readonly string[]>> | undefined
  /** Exports of known systems, by the names of their files. */
  readonly #known = new Map<string, Preset>()

  constructor(folder: string, tables: readonly RawTable[], rules: Rules) {
    this.#folder = folder
    this.#tables = tables
    this.#rules = rules
  }

  /**
   * What mends a missing table: the files that seem to hold it, with the setting to paste; else the command that
   * looks closer.
   */
  async hintFor(table: RawTable): Promise<string> {
    this.#holding ??= this.#look()
    const files = (await this.#holding).get(table) ?? []
    const other = table.mayBeMissing
      ? 'export it, choose the folder with --input, or treat missing tables as empty with --allow-missing'
      : 'export it, or choose the folder with --input; this table can never be missing'
    for (const [name, preset] of this.#known) {
      if (preset.tables[table.name as RawTableName] === undefined) continue
      return `${name} is an export that a preset reads (${preset.system}): ecomagg init --preset ${preset.name}, or rawTables: { ${table.name}: { preset: ${preset.name}, files: ${JSON.stringify(globOfName(name))} } }; otherwise ${other}`
    }
    if (files.length === 0)
      return `${other}; to see what the files there hold: ecomagg map ${shellName(this.#folder)}/*`
    const globs = files.map((name) => JSON.stringify(globOfName(name)))
    const setting = `rawTables: { ${table.name}: { files: ${globs.length === 1 ? globs[0] : `[${globs.join(', ')}]`} } }`
    const paths = files.map((name) => shellName(`${this.#folder}/${name}`)).join(' ')
    return `${files.join(', ')} ${files.length === 1 ? 'seems' : 'seem'} to hold it: ${setting}; what else differs says ecomagg map ${paths}; otherwise ${other}`
  }

  async #look(): Promise<ReadonlyMap<RawTable, readonly string[]>> {
    const taken = new Set(
      this.#tables.flatMap(({ name }) => findFiles(this.#folder, globsOf(this.#rules, name))),
    )
    const names = findFiles(this.#folder, ['*']).filter((name) => ENDINGS.test(name) && !taken.has(name))
    const holding = new Map<RawTable, string[]>()
    for (const name of names.slice(0, MOST_FILES)) {
      const table = await this.#tableOf(name)
      if (table !== undefined) holding.set(table, [...(holding.get(table) ?? []), name])
    }
    return holding
  }

  /** Undefined also for what cannot be opened: nobody asked for that file. */
  async #tableOf(name: string): Promise<RawTable | undefined> {
    try {
      const sample = await sampleFile(`${this.#folder}/${name}`, LOOKED_AT)
      const { match, preset } = mapFile(name, sample, this.#tables)
      if (preset !== undefined) this.#known.set(name, preset)
      return match !== undefined && isComplete(match) ? match.table : undefined
    } catch (error) {
      if (error instanceof KnownError) return undefined
      throw error
    }
  }
}
