import type { UserConsoleLog } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'
import { SKIPPED } from './tools.ts'

/** Lists at the end which tests were skipped, and which tools were missing for them. */
export class SkippedReporter implements Reporter {
  readonly #reasons = new Set<string>()

  onUserConsoleLog({ content }: UserConsoleLog): void {
    for (const line of content.split('\n')) if (line.startsWith(SKIPPED)) this.#reasons.add(line.trimEnd())
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(
        (test) => `  ${module.relativeModuleId} > ${test.fullName}`,
      ),
    )
    if (names.length === 0 && this.#reasons.size === 0) return
    console.log([`\n${names.length} tests were skipped`, ...this.#reasons, ...names].join('\n'))
  }
}
