/** A setting of one raw table, ready to paste into a settings file in YAML. */
export function tableSetting(table: string, setting: string): string {
  return `rawTables: { ${table}: { ${setting} } }`
}

/** A text in YAML. @example quotedText('(not set)') → "'(not set)'" */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
