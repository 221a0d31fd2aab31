import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { KnownError } from '../../lib/errors.ts'
import { brokenFile, fileLabel } from '../problems/problem.ts'
import { isTooDeep, nestedTooDeep } from './depth.ts'
import { type Declarations, declarationsOf } from './merge-declarations.ts'

/** What the modules that a settings file names declare, and what is wrong with them. */
export interface ReadModules {
  readonly files: readonly string[]
  readonly declarations: readonly Declarations[]
  readonly problems: readonly KnownError[]
}

/** @param given the setting `modules`, not checked yet */
export async function readModules(
  given: unknown,
  folder: string,
  workingFolder: string,
): Promise<ReadModules> {
  const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string' && name !== '') : []
  const files = names.map((name: string) => resolve(folder, name))
  const declarations: Declarations[] = []
  const problems: KnownError[] = []
  for (const file of files) {
    try {
      declarations.push({ file, given: await readDeclarations(file, fileLabel(file, workingFolder)) })
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      problems.push(error)
    }
  }
  return { files: files.filter((file) => isFile(file)), declarations, problems }
}

async function readDeclarations(file: string, label: string): Promise<Declarations['given']> {
  if (!isFile(file)) {
    throw brokenFile('config_missing', file, label, 'there is no such module', {
      allowed: 'a file',
      hint: 'modules are named relative to the settings file',
    })
  }
  const { readModule } = await import('./read-module.ts')
  const given = declarationsOf(await readModule(file, label))
  if (isTooDeep(given)) throw nestedTooDeep(file, label)
  if (Object.keys(given).length > 0) return given
  throw brokenFile('config_broken', file, label, 'it exports none of extraColumns, metrics and tables', {
    hint: 'write: export const metrics = …',
  })
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
