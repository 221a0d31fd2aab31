import { statfsSync } from 'node:fs'

/**
 * Types of file systems of which only one kernel makes use at a time (statfs(2)). Any other may be a network
 * share or the folder of another machine, on which processes of several kernels can be at work.
 */
const LOCAL = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // btrfs
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlayfs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0xca451a4e, // bcachefs
  0x3153464a, // JFS
  0x4d44, // FAT
  0x2011bab0, // exFAT
])

/** Whether no other machine can be at work on the file system of a folder; false if that is not known. */
export function isOnLocalFileSystem(folder: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return LOCAL.has(statfsSync(folder).type >>> 0)
  } catch {
    return false
  }
}
