/** A file name as a shell takes it. @example shellName('my orders.csv') → "'my orders.csv'" */
export function shellName(name: string): string {
  return /^[\w./:@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
}
