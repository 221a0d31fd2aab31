import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findHashKey, keyId, requireHashKey, shownRules } from '../../src/config/hash-key.ts'
import { KnownError } from '../../src/lib/errors.ts'
import { type PrivacyRules, privacySchema } from '../../src/rules/privacy.ts'
import { rulesSchema } from '../../src/rules/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-key-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SECRET = '0123456789abcdef-secret'
let files = 0

function keyFile(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `key-${++files}`)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

function privacy(given: object = {}): PrivacyRules {
  return privacySchema.parse({ hashIds: ['user_id'], ...given })
}

/** The key of a file, as text of bytes. */
function fromFile(path: string, variable?: string): string {
  return Buffer.from(findHashKey(privacy({ keyFile: path }), variable)!).toString('latin1')
}

function errorOf(work: () => unknown): KnownError {
  try {
    work()
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Everything that an error may tell anybody. */
function saidBy(error: KnownError): string {
  return [error.message, error.hint, JSON.stringify(error.details), String(error.cause)].join('\n')
}

describe('from the environment', () => {
  test('the bytes of the variable are the key', () => {
    expect(Buffer.from(findHashKey(privacy(), 'a key of many é')!).toString('utf8')).toBe('a key of many é')
  })

  test('the variable wins over a file, even one that could not be used', () => {
    expect(fromFile(keyFile('another key, long enough'), SECRET)).toBe(SECRET)
    expect(fromFile(keyFile('short', 0o644), SECRET)).toBe(SECRET)
    expect(fromFile(join(folder, 'missing'), SECRET)).toBe(SECRET)
  })

  test.each([undefined, ''])('a variable that is %j leaves the word to the file', (variable) => {
    expect(fromFile(keyFile(SECRET), variable)).toBe(SECRET)
  })

  test('without a file there is no key', () => {
    const error = errorOf(() => findHashKey(privacy({ keyVariable: 'SHOP_KEY' }), undefined))
    expect(error).toMatchObject({ failure: 'config', code: 'hash_key_missing' })
    expect(error.message).toContain('SHOP_KEY')
  })

  test('where no ids are hashed no key is looked for', () => {
    expect(findHashKey(privacySchema.parse({ keyFile: join(folder, 'missing') }), 'short')).toBeUndefined()
  })

  test.each([
    ['x'.repeat(15), false],
    ['x'.repeat(16), true],
    // Bytes count, not characters.
    ['é'.repeat(7), false],
    ['é'.repeat(8), true],
  ])('%s is long enough: %s', (key, isEnough) => {
    if (isEnough) expect(findHashKey(privacy(), key)).toHaveLength(16)
    else {
      const error = errorOf(() => findHashKey(privacy(), key))
      expect(error).toMatchObject({ failure: 'config', code: 'hash_key_short' })
      expect(saidBy(error)).not.toContain(key)
    }
  })
})

describe('from a file', () => {
  test.each([
    ['as it is', SECRET, SECRET],
    ['a line end is not part of it', `${SECRET}\n`, SECRET],
    ['nor is CRLF', `${SECRET}\r\n`, SECRET],
    ['but only one of them', `${SECRET}\n\n`, `${SECRET}\n`],
    ['a CR alone is part of it', `${SECRET}\r`, `${SECRET}\r`],
    ['a line end within is part of it', `01234567\n89abcdef\n`, '01234567\n89abcdef'],
    ['blanks around it are part of it', ` ${SECRET} \n`, ` ${SECRET} `],
  ])('%s', (_, content, key) => {
    expect(fromFile(keyFile(content))).toBe(key)
  })

  test('bytes that are no text', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => 255 - i)
    const found = findHashKey(privacy({ keyFile: keyFile(bytes) }), undefined)
    expect(Buffer.from(found!).equals(bytes)).toBe(true)
  })

  test('one key in the variable and in a file is one key', () => {
    const fromVariable = findHashKey(privacy(), 'schlüssel für ids')
    const found = findHashKey(privacy({ keyFile: keyFile('schlüssel für ids\n') }), undefined)
    expect(keyId(found)).toBe(keyId(fromVariable))
  })

  test.each([0o600, 0o400, 0o700])('mode %i is safe', (mode) => {
    expect(fromFile(keyFile(SECRET, mode))).toBe(SECRET)
  })

  test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])('mode %i is not', (mode) => {
    const path = keyFile(SECRET, mode)
    const error = errorOf(() => fromFile(path))
    expect(error).toMatchObject({
      failure: 'config',
      code: 'hash_key_unsafe',
      details: { file: path, found: `mode 0${mode.toString(8)}` },
      hint: `chmod 600 ${path}`,
    })
    expect(saidBy(error)).not.toContain(SECRET)
  })

  test('a link is as safe as what it leads to', () => {
    const links = [keyFile(SECRET), keyFile(SECRET, 0o644)].map((target) => {
      symlinkSync(target, `${target}.link`)
      return `${target}.link`
    })
    expect(fromFile(links[0]!)).toBe(SECRET)
    expect(errorOf(() => fromFile(links[1]!)).code).toBe('hash_key_unsafe')
  })

  test.each(['', '\n', '0123456789abcde', '0123456789abcde\n', '0123456789abcde\r\n'])(
    'a file that holds %j is too short',
    (content) => {
      expect(errorOf(() => fromFile(keyFile(content)))).toMatchObject({ code: 'hash_key_short' })
    },
  )

  test('what is not there, or is no file, is no key; a pipe is not waited for', () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', ['-m', '600', pipe])
    mkdirSync(join(folder, 'folder'), { mode: 0o700 })
    for (const path of [join(folder, 'missing'), join(folder, 'folder'), pipe, '/dev/null']) {
      const error = errorOf(() => fromFile(path))
      expect(error, path).toMatchObject({ failure: 'config', code: 'hash_key_missing' })
      expect(error.message).toContain(path)
    }
  })
})

test('a run that hashes is not begun without a key', () => {
  const rules = rulesSchema.parse({ privacy: { hashIds: ['order_id'] } })
  expect(errorOf(() => requireHashKey(rules, undefined))).toMatchObject({ code: 'hash_key_missing' })
  expect(() => requireHashKey(rules, Buffer.from(SECRET))).not.toThrow()
  expect(() => requireHashKey(rulesSchema.parse({}), undefined)).not.toThrow()
})

describe('the rules as they are shown', () => {
  const IDS = [
    'test-user',
    'some-user',
    'user-prefix',
    'user-glob',
    'user-regex',
    'some-session',
    'session-part',
  ]
  const given = {
    filters: {
      testUsers: ['test-user'],
      users: ['some-user', { prefix: 'user-prefix' }, { glob: 'user-glob*' }, { regex: '^user-regex$' }],
      sessions: [{ equals: 'some-session' }, { contains: 'session-part' }],
      ips: ['10.0.0.0/8'],
      paths: ['/admin'],
      ordersBelow: 1,
    },
    timezone: 'Europe/Berlin',
  }
  const hashing = rulesSchema.parse({ ...given, privacy: { hashIds: ['order_id'] } })
  const shownIds = (shown: object) => IDS.filter((id) => JSON.stringify(shown).includes(id))

  test('are as they were set where nothing is hashed', () => {
    const rules = rulesSchema.parse(given)
    expect(shownRules(rules, undefined)).toEqual(rules)
    expect(shownRules(rules, Buffer.from(SECRET))).toEqual(rules)
  })

  test('hold no id where ids are hashed, and all else as it is', () => {
    const shown = shownRules(hashing, Buffer.from(SECRET))
    expect(shownIds(shown)).toEqual([])
    const { filters, ...others } = shown
    const { filters: plain, ...wanted } = hashing
    expect(others).toEqual(wanted)
    expect(filters).toMatchObject({ ips: plain.ips, paths: plain.paths, ordersBelow: 1 })
    expect(filters).toMatchObject({
      testUsers: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      users: [
        expect.stringMatching(/^[0-9a-f]{64}$/),
        { prefix: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { glob: expect.any(String) },
        { regex: expect.any(String) },
      ],
      sessions: [{ equals: expect.any(String) }, { contains: expect.any(String) }],
    })
  })

  test('tell rules of two runs apart, and are the same for the same rules and key', () => {
    const key = Buffer.from(SECRET)
    const other = rulesSchema.parse({
      ...hashing,
      filters: { ...hashing.filters, testUsers: ['test-user-2'] },
    })
    expect(shownRules(hashing, key)).toEqual(shownRules(hashing, Buffer.from(SECRET)))
    expect(shownRules(hashing, key)).not.toEqual(shownRules(other, key))
  })

  test('hold no id either where the key is missing, which a record of the failed run may say', () => {
    const shown = shownRules(hashing, undefined)
    expect(shownIds(shown)).toEqual([])
    expect(shown).toMatchObject({ timezone: 'Europe/Berlin', filters: { paths: ['/admin'] } })
  })

  test('leave the rules of the run alone', () => {
    const before = JSON.stringify(hashing)
    shownRules(hashing, Buffer.from(SECRET))
    expect(JSON.stringify(hashing)).toBe(before)
  })
})

test('the name of a key tells keys apart and is no part of them', () => {
  const [a, b] = [Buffer.from(SECRET), Buffer.from(`${SECRET}2`)].map(keyId)
  expect(a).toMatch(/^[0-9a-f]{16}$/)
  expect(a).not.toBe(b)
  expect(keyId(Buffer.from(SECRET))).toBe(a)
  expect(keyId(undefined)).toBeNull()
})
