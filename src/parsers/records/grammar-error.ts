import { KnownError } from '../../lib/errors.ts'
import type { RawTable } from '../../raw/define.ts'
import type { GrammarFault } from '../lanes/fast/kernel/record-scanner.ts'
import type { InputFile } from './input-file.ts'
import type { RecordForm } from './record-form.ts'

/** What a quote that cannot be resolved means to the run. @param form in which the file was read */
export function grammarError(
  fault: GrammarFault,
  input: InputFile,
  table: RawTable,
  { quotes }: RecordForm,
): KnownError {
  const what =
    fault.code === 'unclosed_quote'
      ? 'a quote opens in the record that starts here and never closes'
      : 'text follows a closing quote in the record that starts here'
  const backslash = `; if quotes inside cells stand after a backslash, say so: rawTables: { ${table.name}: { quotes: backslash } }`
  return new KnownError('data', fault.code, `${input.path}, line ${fault.line}: ${what}`, {
    table: table.name,
    file: input.path,
    line: fault.line,
    allowed:
      quotes === 'backslash'
        ? 'quoted cells end with a quote and a delimiter or line end; quotes inside stand after a backslash'
        : 'quoted cells end with a quote and a delimiter or line end; quotes inside are doubled',
    hint: `look at line ${fault.line} and those after it, and mend the quotes: no reader can know where the next record starts${quotes === 'backslash' ? '' : backslash}`,
  })
}
