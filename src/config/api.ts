import type { Config } from './settings.ts'

/** The settings as they are; an editor knows their names and types. */
export function defineConfig(config: Config): Config {
  return config
}
