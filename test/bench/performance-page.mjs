import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './commands.mjs'

const PAGE = join(root, 'docs/performance.md')

/**
 * Puts results between the two marks of their section in docs/performance.md.
 *
 * @param {string} section
 * @param {readonly string[]} lines
 */
export function writeSection(section, lines) {
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), section, lines))
}

/**
 * @param {string} page
 * @param {string} section
 * @param {readonly string[]} lines
 * @returns {string} the page with these lines, as a block of text, between the section's marks
 */
export function withSection(page, section, lines) {
  const [start, end] = [`<!-- bench ${section} -->\n`, `<!-- end of bench ${section} -->\n`]
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the marks of ${section}`)
  const block = ['```text', ...lines, '```', ''].join('\n')
  return `${page.slice(0, from + start.length)}${block}${page.slice(to)}`
}
