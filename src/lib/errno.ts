/** Numbers of a full quota, which Node has no name for, by platform. */
const EDQUOT: Readonly<Record<string, number>> = { linux: -122, darwin: -69, freebsd: -69 }

/** The name of a system error, such as ENOSPC; undefined if it is none. */
export function errnoName(error: unknown): string | undefined {
  const { code, errno } = error as NodeJS.ErrnoException
  return errno !== undefined && errno === EDQUOT[process.platform] ? 'EDQUOT' : code
}

/** Whether a disk or quota is full, or the device fails. */
export function isStorageFault(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(errnoName(error) ?? '')
}
