import * as z from 'zod'
import { linearTest } from '../lib/texts/linear-expression.ts'
import { globTest } from './glob-test.ts'

const patternSchema = z
  .strictObject({
    equals: z.string().min(1).optional(),
    prefix: z.string().min(1).optional(),
    contains: z.string().min(1).optional(),
    glob: z.string().min(1).optional(),
    regex: z.string().min(1).optional(),
  })
  .superRefine((pattern, context) => {
    const given = Object.values(pattern).filter((value) => value !== undefined)
    if (given.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'must have just one of equals, prefix, contains, glob and regex',
      })
    }
    const { regex, glob } = pattern
    const faults = {
      regex: regex === undefined ? undefined : faultOf(regex, 'a regular expression', linearTest),
      glob: glob === undefined ? undefined : faultOf(glob, 'a glob', globTest),
    }
    for (const [form, message] of Object.entries(faults))
      if (message !== undefined) context.addIssue({ code: 'custom', path: [form], message })
  })

/** What is wrong with an expression, in words; undefined if it can be used. */
export function faultOf(
  source: string,
  what: string,
  compile: (source: string) => unknown,
): string | undefined {
  try {
    compile(source)
    return undefined
  } catch (error) {
    const shown = source.length > LONGEST_SHOWN ? `${source.slice(0, LONGEST_SHOWN)}…` : source
    return `'${shown}' cannot be used as ${what}: ${(error as Error).message}`
  }
}

const LONGEST_SHOWN = 200

/**
 * A rule that texts fit or not: a plain text (each setting says what that means), or one of
 * `{ equals }`, `{ prefix }`, `{ contains }`, `{ glob }` and `{ regex }`. All are case-sensitive.
 */
export const textRuleSchema = z.union([z.string().min(1), patternSchema])
export type TextRule = z.infer<typeof textRuleSchema>

/** What a plain text means as a rule. */
export type PlainMeaning = 'equals' | 'prefix' | 'contains'

/**
 * Whether a text fits at least one of the rules.
 *
 * @example textTest(['/p/'], 'contains')('/shop/p/7') → true
 * @example textTest([{ glob: '/p/*' }], 'contains')('/shop/p/7') → false
 */
export function textTest(rules: readonly TextRule[], plain: PlainMeaning): (text: string) => boolean {
  const tests = rules.map((rule) => singleTest(rule, plain))
  return (text) => tests.some((test) => test(text))
}

function singleTest(rule: TextRule, plain: PlainMeaning): (text: string) => boolean {
  const { equals, prefix, contains, glob, regex } = patternOf(rule, plain)
  if (equals !== undefined) return (text) => text === equals
  if (prefix !== undefined) return (text) => text.startsWith(prefix)
  if (contains !== undefined) return (text) => text.includes(contains)
  return glob === undefined ? linearTest(regex!) : globTest(glob)
}

function patternOf(rule: TextRule, plain: PlainMeaning): Exclude<TextRule, string> {
  return typeof rule === 'string' ? { [plain]: rule } : rule
}

const WORDS = { equals: 'is', prefix: 'starts with', contains: 'contains', glob: 'fits', regex: 'fits' }

/** The rules in words, for messages. @example describeRules(['/p/'], 'contains') → 'contains "/p/"' */
export function describeRules(rules: readonly TextRule[], plain: PlainMeaning): string {
  return rules
    .flatMap((rule) => Object.entries(patternOf(rule, plain)))
    .map(
      ([how, text]) => `${WORDS[how as keyof typeof WORDS]} ${how === 'regex' ? `/${text}/` : `"${text}"`}`,
    )
    .join(' or ')
}
