/** Bytes of the history that are not those that were written; whoever knows the file makes it a KnownError. */
export class HistoryDamage extends Error {
  override readonly name = 'HistoryDamage'
}
