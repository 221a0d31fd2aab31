import { KnownError } from '../errors.ts'

/** With so many open files every command works; most are open while the program itself is read. */
const ENOUGH_FILES = 40

/**
 * What an error is called that comes of too many open files, be it its cause or one of its problems; undefined
 * of all others.
 */
export function fewFiles(error: unknown): KnownError | undefined {
  const code = codeOfFew(error)
  if (code === undefined) return undefined
  const limit = code === 'ENFILE' ? undefined : openFilesLimit()
  const allowed =
    limit === undefined
      ? `the system can open no more files (${code})`
      : `this process may have ${limit} files open at a time (${code})`
  return new KnownError('io', 'too_few_files', `${allowed}, and ecomagg needs up to ${ENOUGH_FILES}`, {
    found: limit === undefined ? code : String(limit),
    allowed: `${ENOUGH_FILES} open files`,
    hint: 'allow more with ulimit -n 1024 in the shell or cron entry, LimitNOFILE=1024 in a systemd unit; nothing was changed',
    cause: error,
  })
}

function codeOfFew(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  // Of the results something is in place already, and the next start goes on from there.
  if (error instanceof KnownError && error.code === 'publish_cut_short') return undefined
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EMFILE' || code === 'ENFILE') return code
  const further = [error.cause, ...(error instanceof KnownError ? error.problems : [])]
  for (const one of further) {
    const found = codeOfFew(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** The limit in force, from the process itself: there is no file left to read it from. */
function openFilesLimit(): number | undefined {
  // Of the types Node has for it, `object` is all that is sure.
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const limit = Number(report?.userLimits?.open_files?.soft)
  return Number.isSafeInteger(limit) ? limit : undefined
}
