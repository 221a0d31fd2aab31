import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

const page = readFileSync(new URL('../../docs/customising.md', import.meta.url), 'utf8')
const section = /## The first metric, in ten lines\n([\s\S]*?)\n## /.exec(page)![1]!
const [, file] = /into `(\S+)` beside/.exec(section)!
const [, code] = /```js\n([\s\S]*?)```/.exec(section)!

test('the ten lines of docs/customising.md add the metric that they promise', async () => {
  expect(code!.trimEnd().split('\n')).toHaveLength(10)
  const shop = new Workspace()
  try {
    await shop.ecomagg(['sample', '--force', '--quiet'])
    writeFileSync(join(shop.folder, file!), code!)
    const { exit, stderr } = await shop.ecomagg(['process'])
    expect([exit, stderr]).toEqual([0, ''])
    const [header, ...lines] = readFileSync(join(shop.output, 'daily_business_metrics.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','))
    expect(header!.at(-1)).toBe('discount_share')
    const at = (name: string) => header!.indexOf(name)
    let compared = 0
    for (const row of lines) {
      const [discount, gross] = [Number(row[at('total_discount')]), Number(row[at('gross_sales')])]
      // Amounts of two decimals and a quotient: a double is exact enough to tell hundredths of a percent.
      expect(row.at(-1)).toBe(gross === 0 ? '' : (Math.round((discount / gross) * 10_000) / 100).toFixed(2))
      if (discount > 0) compared++
    }
    expect(compared).toBeGreaterThan(3)
    const described = await shop.ecomagg(['describe', 'daily_business_metrics'])
    expect(described.stdout).toContain('total_discount ÷ gross_sales × 100')
  } finally {
    shop.dispose()
  }
})
