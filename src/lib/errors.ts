/**
 * What a known failure means to whoever started the run. `cli/edge/exit-codes.ts` gives each its exit code.
 *
 * usage: an option is wrong. config: a setting is wrong. data: the input is refused. input: a file is
 * missing or cannot be opened. internal: a fault of ours. create: a folder, lock or file cannot be made.
 * io: reading or writing failed. retry: try later (locked, input changed while read).
 */
export type Failure = 'usage' | 'config' | 'data' | 'input' | 'internal' | 'create' | 'io' | 'retry'

/** Where and what, for machines; the message says the same to people. */
export interface ErrorDetails {
  readonly table?: string
  readonly file?: string
  readonly line?: number
  readonly column?: string
  readonly found?: string
  readonly allowed?: string
}

export interface KnownErrorOptions extends ErrorDetails {
  /** The command or option that mends it. */
  readonly hint?: string
  readonly cause?: unknown
  /** Every problem found, where there is more than one. */
  readonly problems?: readonly KnownError[]
}

/**
 * A failure that has a name: printed as one line and a hint, without a stack.
 *
 * @example new KnownError('input', 'missing_file', 'raw_data/order_table.csv is missing', { hint: '…' })
 */
export class KnownError extends Error {
  override readonly name = 'KnownError'
  readonly failure: Failure
  /** Stable, snake_case; scripts and tests rely on it. */
  readonly code: string
  readonly hint: string | undefined
  readonly details: ErrorDetails
  readonly problems: readonly KnownError[]

  constructor(failure: Failure, code: string, message: string, options: KnownErrorOptions = {}) {
    const { hint, cause, problems, ...details } = options
    super(message, cause === undefined ? undefined : { cause })
    this.failure = failure
    this.code = code
    this.hint = hint
    this.details = details
    this.problems = problems ?? []
  }
}
