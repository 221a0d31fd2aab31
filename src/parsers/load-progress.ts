/** How far the reading of one file, or of several at once, has come, in bytes on disk. */
export interface LoadProgress {
  /** The table, or how many tables. */
  readonly table: string
  readonly bytes: number
  readonly ofBytes: number
}
