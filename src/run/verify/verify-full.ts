import { setImmediate as nextTurn } from 'node:timers/promises'
import { keyId } from '../../config/hash-key.ts'
import { contractOf } from '../../custom/contract.ts'
import { type Extensions, noExtensions } from '../../custom/extensions.ts'
import { usualEngine } from '../../engines/index.ts'
import { KnownError } from '../../lib/errors.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { parseDay } from '../../lib/times/wall-clock.ts'
import { type Rules, rulesSchema } from '../../rules/rules.ts'
import { damagedManifest, type Manifest } from '../commit/manifest.ts'
import { readManifest } from '../commit/published-set.ts'
import { compareTable, type TableDifference } from './compare-set.ts'
import { type VerifyResult, verify } from './verify.ts'

export interface VerifyFullOptions {
  readonly outputFolder: string
  /** All raw files that the published set was made of, slice by slice. */
  readonly rawFolder: string
  /** The shop's settings; where ids are hashed, the manifest does not hold all of them. */
  readonly rules: Rules
  readonly extensions?: Extensions
  readonly hashKey?: Uint8Array | undefined
  readonly allowMissing: boolean
  readonly signal: AbortSignal | undefined
}

/** The published set, found whole and equal to what a full run gives. */
export interface VerifyFullResult extends VerifyResult {
  readonly raw_folder: string
}

/**
 * Computes the published set again in full from raw files, by the settings that it was made with, and
 * compares every byte.
 *
 * @throws what verify throws; KnownError manifest_damaged, differs_from_full (data), hash_key_differs (config); what reading
 *   the raw files throws
 */
export async function verifyFull(options: VerifyFullOptions): Promise<VerifyFullResult> {
  const { outputFolder, rawFolder, hashKey, signal } = options
  const result = await verify(outputFolder)
  const manifest = readManifest(outputFolder)
  if ((manifest.hash_key_id ?? null) !== keyId(hashKey)) {
    throw new KnownError(
      'config',
      'hash_key_differs',
      `the ids in ${outputFolder} were hashed with another key`,
      {
        file: outputFolder,
        hint: 'give the key and the settings that the set was made with',
      },
    )
  }
  const rules = hashKey === undefined ? rulesOf(manifest, outputFolder) : options.rules
  const day = (date: string | null) => (date === null ? undefined : parseDay(date))
  const loaded = await usualEngine.load({
    contract: contractOf(rules, options.extensions ?? noExtensions),
    inputFolder: rawFolder,
    rules,
    hashKey,
    since: day(manifest.since),
    until: day(manifest.until),
    asOf: manifest.as_of_given === true ? day(manifest.as_of) : undefined,
    allowMissing: options.allowMissing,
    findPersonalData: false,
    showValues: false,
    onReject() {},
    onProgress() {},
    signal,
  })
  const dialect = { bom: manifest.dialect.bom, escapeFormulas: manifest.dialect.escape_formulas }
  const differences: TableDifference[] = []
  const published = new Set(manifest.files.map(({ table }) => table))
  for await (const table of loaded.aggregate()) {
    if (!published.has(table.definition.name)) continue
    const difference = await compareTable(outputFolder, table, dialect)
    if (difference !== undefined) differences.push(difference)
    await nextTurn()
    signal?.throwIfAborted()
  }
  if (differences.length > 0) throw differing(outputFolder, rawFolder, differences)
  return { ...result, raw_folder: rawFolder }
}

/** @throws KnownError manifest_damaged (data) */
function rulesOf({ rules, version }: Manifest, outputFolder: string): Rules {
  const { data, error } = rulesSchema.safeParse(rules)
  if (data !== undefined) return data
  const { path, message } = error.issues[0]!
  const where = ['rules', ...path.map(String)].join('.')
  throw damagedManifest(
    outputFolder,
    `has settings that ecomagg ${version} did not write (${where}: ${message})`,
    error,
  )
}

const REBUILD =
  'are all raw files there, each date as it was delivered last? Then build everything anew: ecomagg process --full'

function differing(
  outputFolder: string,
  rawFolder: string,
  differences: readonly TableDifference[],
): KnownError {
  const names = differences.map(({ table }) => table).join(', ')
  return new KnownError(
    'data',
    'differs_from_full',
    `${differences.length} of the tables in ${outputFolder} differ from a full run over ${rawFolder}: ${names}`,
    {
      file: outputFolder,
      found: names,
      allowed: 'the bytes of a full run',
      hint: REBUILD,
      problems: differences.map((difference) => tableDiffers(outputFolder, difference)),
    },
  )
}

function tableDiffers(
  outputFolder: string,
  { table, unexpected, missing, changed, keys }: TableDifference,
): KnownError {
  const rows = unexpected + missing + changed
  const more = keys.length < rows ? `; and ${grouped(rows - keys.length)} more` : ''
  const counts = `${changed} with other cells, ${unexpected} only published, ${missing} only in the full run`
  const message =
    rows === 0 ? `${table}: the same rows in other bytes` : `${table}: ${counts}: ${keys.join('; ')}${more}`
  return new KnownError('data', 'differs_from_full', message, { table, file: outputFolder, hint: REBUILD })
}
