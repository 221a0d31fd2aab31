import * as z from 'zod'

/** What separates fields, as a settings file writes it. */
export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** How the texts of a file are written in bytes. */
export const ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'utf-16'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** How a quote stands inside a quoted cell: twice (RFC 4180), or after a backslash. */
export const QUOTES = ['doubled', 'backslash'] as const
export type Quotes = (typeof QUOTES)[number]

/** Most lines above a header. */
const MOST_SKIPPED = 1000
/** Why a glob cannot be taken; undefined if it can. */
function globFault(glob: string): string | undefined {
  if (glob.includes('\\')) return `'${glob}' has a backslash; parts of a path are separated by /`
  const parts = glob.split('/')
  if (/^(?:\/|[A-Za-z]:)/.test(glob)) return `'${glob}' is absolute; files are looked for in the input folder`
  if (parts.includes('..')) return `'${glob}' leaves the input folder`
  if (parts.some((part) => part === '' || part === '.')) return `'${glob}' has a part that names nothing`
  return undefined
}

const globSchema = z
  .string()
  .min(1)
  .superRefine((glob, context) => {
    const fault = globFault(glob)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })

/** Which files hold the rows of a raw table, and how records stand in them (SOURCES: files, records). */
export const fileShape = {
  files: z
    .union([globSchema, z.array(globSchema).min(1)])
    .optional()
    .describe('The files of the table: globs relative to the input folder, instead of <table>.csv.'),
  delimiter: z.enum(DELIMITERS).optional().describe('What separates fields, if not a comma.'),
  encoding: z
    .enum(ENCODINGS)
    .optional()
    .describe('How texts are written in bytes, if not in UTF-8; utf-16 by its byte order mark.'),
  quotes: z
    .enum(QUOTES)
    .optional()
    .describe('How a quote stands inside a quoted cell: doubled, or after a backslash as MySQL writes it.'),
  skipLines: z
    .number()
    .int()
    .min(0)
    .max(MOST_SKIPPED)
    .optional()
    .describe('Lines above the header, such as the title of a report.'),
}
