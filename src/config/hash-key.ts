import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { errnoName } from '../lib/errno.ts'
import { KnownError } from '../lib/errors.ts'
import { keyedHash } from '../lib/texts/keyed-hash.ts'
import type { PrivacyRules } from '../rules/privacy.ts'
import type { Rules } from '../rules/rules.ts'
import type { TextRule } from '../rules/text-rule.ts'

/** A key shorter than this, in bytes, could be found by trying. */
const SHORTEST = 16

/**
 * The key that ids are hashed with: from the environment, or from a file that its owner alone may read.
 *
 * @param variable the value of the environment variable that the rules name
 * @returns undefined if no ids are to be hashed
 * @throws KnownError hash_key_missing, hash_key_unsafe or hash_key_short (config)
 */
export function findHashKey(
  { hashIds, keyVariable, keyFile }: PrivacyRules,
  variable: string | undefined,
): Uint8Array | undefined {
  if (hashIds.length === 0) return undefined
  if (variable !== undefined && variable !== '') return longEnough(Buffer.from(variable, 'utf8'), keyVariable)
  if (keyFile !== undefined) return longEnough(readKeyFile(keyFile), keyFile)
  throw missingKey(`${keyVariable} is not set, and privacy.keyFile names no file`, keyVariable)
}

/** @throws KnownError hash_key_missing (config) if ids are to be hashed and there is no key */
export function requireHashKey({ privacy }: Rules, key: Uint8Array | undefined): void {
  if (privacy.hashIds.length > 0 && key === undefined)
    throw missingKey('no key was given', privacy.keyVariable)
}

function missingKey(found: string, variable: string, cause?: unknown): KnownError {
  const message = `privacy.hashIds wants ids to be hashed, but there is no key: ${found}`
  return new KnownError('config', 'hash_key_missing', message, {
    found,
    allowed: `a key of at least ${SHORTEST} bytes in ${variable} or in a file with mode 0600`,
    hint: `make one with: (umask 077; openssl rand -hex 32 > ecomagg.key), and name it as privacy.keyFile; keep a copy, for another key gives other hashes`,
    cause,
  })
}

function longEnough(key: Buffer, where: string): Uint8Array {
  if (key.length >= SHORTEST) return key
  const found = `${key.length} bytes in ${where}`
  throw new KnownError('config', 'hash_key_short', `the key for hashing ids is too short: ${found}`, {
    found,
    allowed: `at least ${SHORTEST} bytes`,
    hint: 'make one with: openssl rand -hex 32',
  })
}

/** The content of a key file without its line end. */
function readKeyFile(path: string): Buffer {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    throw missingKey(`${path} cannot be opened (${errnoName(cause)})`, 'the environment', cause)
  }
  try {
    const status = fstatSync(fd)
    if (!status.isFile()) throw missingKey(`${path} is not a regular file`, 'the environment')
    const others = status.mode & 0o077
    if (others !== 0 && process.platform !== 'win32') {
      const found = `mode 0${(status.mode & 0o777).toString(8)}`
      const message = `${path} holds the key for hashing ids, and others may read or write it (${found})`
      throw new KnownError('config', 'hash_key_unsafe', message, {
        file: path,
        found,
        allowed: 'mode 0600',
        hint: `chmod 600 ${path}`,
      })
    }
    return Buffer.from(readFileSync(fd, 'latin1').replace(/\r?\n$/, ''), 'latin1')
  } finally {
    closeSync(fd)
  }
}

/** The rules as records and manifests may hold them: no id that is hashed stands there in plain. */
export function shownRules(rules: Rules, key: Uint8Array | undefined): Record<string, unknown> {
  if (rules.privacy.hashIds.length === 0) return { ...rules }
  // A run without its key fails, but its record is kept.
  const hash = key === undefined ? () => '(hidden)' : keyedHash(key)
  const hidden = (rule: TextRule): TextRule =>
    typeof rule === 'string'
      ? hash(rule)
      : Object.fromEntries(Object.entries(rule).map(([how, text]) => [how, hash(text ?? '')]))
  const { testUsers, users, sessions, ...others } = rules.filters
  return {
    ...rules,
    filters: {
      testUsers: testUsers.map(hash),
      users: users.map(hidden),
      sessions: sessions.map(hidden),
      ...others,
    },
  }
}

/** Tells keys apart without telling them. @example the same for every run with one key */
export function keyId(key: Uint8Array | undefined): string | null {
  return key === undefined ? null : keyedHash(key)('ecomagg key').slice(0, 16)
}
