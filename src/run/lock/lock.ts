import { rmSync } from 'node:fs'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { holderOfFolder, holdFolder } from './folder-lock.ts'
import { holderPath, type LockHolder, nameHolder, readHolder } from './holder-file.ts'
import { cannotLock } from './lock-errors.ts'
import { holderOfPipe, holdPipe } from './named-pipe.ts'
import { makeWorkFolder } from './work-folder.ts'

export type { LockHolder } from './holder-file.ts'

export interface RunLock {
  /** The holder before, if it ended without giving the lock back: killed, or out of memory. */
  readonly died: LockHolder | undefined
  release(): void
}

/**
 * Takes the lock of an output folder: one run at a time. It is held for as long as the process lives, suspended
 * or not, and is gone with it, whatever files are left behind.
 *
 * @throws KnownError locked, lock_unclear (retry), naming the holder; cannot_lock, cannot_publish (create)
 */
export async function takeLock(
  outputFolder: string,
  holder: Omit<LockHolder, 'announcement'>,
): Promise<RunLock> {
  const held = await hold(outputFolder)
  const died = readHolder(outputFolder)
  const path = holderPath(outputFolder)
  try {
    makeWorkFolder(outputFolder)
    nameHolder(outputFolder, { ...holder, announcement: held.name })
  } catch (cause) {
    held.end()
    throw cause instanceof KnownError
      ? cause
      : cannotLock(
          path,
          `${errnoName(cause) ?? String(cause)}; about ${JSON.stringify(holder).length} bytes are needed`,
          cause,
        )
  }
  return {
    died,
    release() {
      try {
        rmSync(path, { force: true })
      } catch {
        // A name that stays behind does not hold the lock.
      }
      held.end()
    },
  }
}

/** Who runs into the output folder at this moment, if anybody; undefined also if it cannot be known. */
export function currentHolder(outputFolder: string): Promise<LockHolder | undefined> {
  return process.platform === 'win32' ? holderOfPipe(outputFolder) : holderOfFolder(outputFolder)
}

interface Held {
  /** The name of the announcement in the work folder; undefined where the lock is not a file. */
  readonly name: string | undefined
  /** Gives the lock back, and removes the work folder if nothing else is in it. */
  end(): void
}

function hold(outputFolder: string): Promise<Held> {
  return process.platform === 'win32' ? holdPipe(outputFolder) : holdFolder(outputFolder)
}
