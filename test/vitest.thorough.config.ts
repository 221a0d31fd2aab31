import { defineConfig, mergeConfig } from 'vitest/config'
import usual from './vitest.config.ts'

/** The tests that try more cases if there is time. */
const LONG = ['test/properties/incremental.test.ts', 'test/properties/hostile-deliveries.test.ts']

const thorough = mergeConfig(usual, defineConfig({ test: { env: { THOROUGH: '1' } } }))
thorough.test.include = LONG
thorough.test.reporters = ['default', ['json', { outputFile: '.vitest/thorough.json' }]]
export default thorough
