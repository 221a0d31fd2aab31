import { readFileSync } from 'node:fs'

/** How many bytes of addresses this process may use (`ulimit -v`); undefined without a limit, or off Linux. */
export function addressSpaceLimit(): number | undefined {
  try {
    return parseAddressSpaceLimit(readFileSync('/proc/self/limits', 'latin1'))
  } catch {
    return undefined
  }
}

/** The limit in force, the first of the two in its line (proc(5)). */
export function parseAddressSpaceLimit(text: string): number | undefined {
  const limit = /^Max address space +(\d+) /m.exec(text)
  return limit === null ? undefined : Number(limit[1])
}
