/** What keeps a file from being written to, in words, by the error of the system. */
export function writeFault(code: string | undefined, platform: NodeJS.Platform = process.platform): string {
  if (code === 'EBUSY') return 'another program has it open (EBUSY)'
  if (code !== 'EPERM') return `it cannot be opened for writing (${code})`
  if (platform === 'win32') return 'it is read-only, or this user may not write to it'
  return 'it is immutable or append-only (lsattr shows it)'
}

/** What to do about a file that cannot be read. */
export function readHint(
  path: string,
  code: string | undefined,
  platform: NodeJS.Platform = process.platform,
): string {
  if (code === 'EBUSY') return 'close the program that has it open, then run again'
  return `check the file's permissions: ${platform === 'win32' ? `icacls "${path}"` : `ls -l ${path}`}`
}
