import { statSync } from 'node:fs'

/** Whether two paths lead to one folder, be it by links or by letters whose case does not count (Windows, macOS). */
export function isSameFolder(one: string, other: string): boolean {
  if (one === other) return true
  const [first, second] = [one, other].map((path) => {
    try {
      return statSync(path, { bigint: true, throwIfNoEntry: false })
    } catch {
      // Whoever uses the folder says what is wrong with it.
      return undefined
    }
  })
  return first !== undefined && first.dev === second?.dev && first.ino === second.ino
}
