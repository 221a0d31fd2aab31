#!/usr/bin/env node
import { fewFiles } from '../lib/files/few-files.ts'

// The program itself is many files, all read at once: with a low limit of open files this is where it fails.
try {
  await import('./start.ts')
} catch (error) {
  const known = fewFiles(error)
  if (known === undefined) throw error
  process.stderr.write(`error (${known.code}): ${known.message}\n  what to do: ${known.hint}\n`)
  process.exit(74)
}
