import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadedSettings, readSettings } from '../../src/config/read-settings.ts'
import type { KnownError } from '../../src/lib/errors.ts'

/** A private folder for settings files; removed with `dispose`. */
export class SettingsFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'ecomagg-config-'))

  write(name: string, text: string | Buffer): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  read(file?: string) {
    return readSettings({ workingFolder: this.folder, file })
  }

  /** The settings, which must be without problems. */
  async settings(file?: string): Promise<LoadedSettings> {
    const { loaded, problems } = await this.read(file)
    if (loaded === undefined) throw new Error(problems.map(({ message }) => message).join('\n'))
    return loaded
  }

  /** The problems, of which there must be some. */
  async problems(file?: string): Promise<readonly KnownError[]> {
    const { loaded, problems } = await this.read(file)
    if (loaded !== undefined) throw new Error('there is no problem')
    return problems
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
