/** The source columns that a mapping takes, each once, in the order in which they are named. */
export class SourceColumns {
  readonly names: string[] = []

  /** @returns the number of a column in `names` */
  add(name: string): number {
    const number = this.names.indexOf(name)
    return number >= 0 ? number : this.names.push(name) - 1
  }
}
