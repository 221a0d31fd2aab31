import type * as z from 'zod'
import { grouped } from '../../lib/texts/grouped.ts'
import { keysAt } from '../schema/schema-keys.ts'
import { valueAt } from '../schema/values.ts'
import type { ConfigProblem } from './problem.ts'
import { nearest, suggestion } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** What zod found, in plain words; every unknown setting is a problem of its own. */
export function problemsOf(
  issues: readonly Issue[],
  given: unknown,
  schema: z.core.$ZodType,
): ConfigProblem[] {
  return withoutFollowUps(issues).flatMap((issue) => problemsOfIssue(issue, issue.path, given, schema))
}

function problemsOfIssue(
  issue: Issue,
  path: readonly PropertyKey[],
  given: unknown,
  schema: z.core.$ZodType,
): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(schema, path).join(', ')
    return issue.keys.map((key) => {
      const hint = suggestion(schema, path, key)
      const message = `unknown setting${hint === undefined ? '' : `; ${hint}`}`
      return { path: [...path, key], message, found: key, ...(allowed === '' ? {} : { allowed }) }
    })
  }
  const value = valueAt(given, path)
  if (issue.code === 'invalid_union') {
    const branch = branchFor(issue.errors)
    if (branch !== undefined)
      return withoutFollowUps(branch).flatMap((inner) =>
        problemsOfIssue(inner, [...path, ...inner.path], given, schema),
      )
    const types = issue.errors.flatMap((inner) =>
      inner.flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : [])),
    )
    return [wrong(path, mustBe([...new Set(types.map(typeText))].join(' or '), value), value)]
  }
  if (issue.code === 'invalid_key')
    return [wrong(path, issue.issues[0]?.message ?? issue.message, path.at(-1))]
  const { text, allowed } = textOf(issue, value)
  return [{ ...wrong(path, text, value), ...(allowed === undefined ? {} : { allowed }) }]
}

/** What is said of a whole that holds unknown settings follows from these, most often. */
function withoutFollowUps(issues: readonly Issue[]): readonly Issue[] {
  const spelt = issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('\n'))
  return issues.filter(({ code, path }) => code !== 'custom' || !spelt.includes(path.join('\n')))
}

function wrong(path: readonly PropertyKey[], message: string, value: unknown): ConfigProblem {
  return { path, message, ...(value === undefined ? {} : { found: valueText(value) }) }
}

/** The branch of a union that the value was meant for: the one whose type it has. */
function branchFor(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  )
}

function textOf(issue: Issue, value: unknown): { text: string; allowed?: string } {
  switch (issue.code) {
    case 'invalid_type': {
      const allowed = typeText(issue.expected)
      return { text: mustBe(allowed, value), allowed }
    }
    case 'invalid_value': {
      const allowed = issue.values.map((one) => JSON.stringify(one)).join(' or ')
      const near = nearest(String(value), issue.values.map(String))
      return {
        text: `${mustBe(allowed, value)}${near === undefined ? '' : `; did you mean ${near}?`}`,
        allowed,
      }
    }
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return { text: 'must not be empty' }
      return bound(
        issue.origin,
        issue.inclusive === false ? 'more than' : 'at least',
        Number(issue.minimum),
        value,
      )
    case 'too_big':
      return bound(
        issue.origin,
        issue.inclusive === false ? 'less than' : 'at most',
        Number(issue.maximum),
        value,
      )
    default:
      return { text: issue.message }
  }
}

function bound(
  origin: string,
  how: string,
  limit: number,
  value: unknown,
): { text: string; allowed: string } {
  const size = Array.isArray(value) || typeof value === 'string' ? value.length : undefined
  const unit =
    origin === 'array' ? (limit === 1 ? ' value' : ' values') : origin === 'string' ? ' characters' : ''
  const allowed = `${how} ${grouped(limit)}${unit}`
  return size === undefined
    ? { text: mustBe(allowed, value), allowed }
    : { text: `must have ${allowed}, not ${size}`, allowed }
}

function mustBe(what: string, value: unknown): string {
  return value === undefined ? `is missing; it must be ${what}` : `must be ${what}, not ${valueText(value)}`
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
}

function typeText(type: string): string {
  return TYPES[type] ?? type
}

const LONGEST = 40

/** @example valueText('5%') → 'the text "5%"' */
function valueText(value: unknown): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)}`
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a Date'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}
