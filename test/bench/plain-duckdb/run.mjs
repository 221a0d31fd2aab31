// node run.mjs <raw folder> <output folder> <threads>: load.sql, then each table of this folder.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [raw, output, threads] = process.argv.slice(2)
if (raw === undefined || output === undefined || threads === undefined) throw new Error('three arguments')
const queries = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.sql') && name !== 'load.sql',
)
const rawFolder = resolve(raw)
mkdirSync(output, { recursive: true })
// The queries name files without folders: they are read from the raw folder and written to this one.
process.chdir(output)
const instance = await DuckDBInstance.create(':memory:', { threads })
const connection = await instance.connect()
await connection.run(`SET file_search_path = '${rawFolder.replaceAll("'", "''")}'`)
for (const name of ['load.sql', ...queries])
  await connection.run(readFileSync(new URL(name, import.meta.url), 'utf8'))
connection.closeSync()
instance.closeSync()
