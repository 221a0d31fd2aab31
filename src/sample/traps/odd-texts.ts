/** Texts that a spreadsheet would run; the last one is harmless. */
export const FORMULAS = ['=1+1', '@SUM(A1)', '-cmd|x', '+49 17', '+49-17']

/** Texts that look like nothing, and are texts. */
export const NULL_LOOKALIKES = ['NULL', 'None', 'nan', 'NA', 'null', 'N/A']

/** Ids that are not numbers, and names that objects have. */
export const ODD_IDS = ['007', '7', '1e5', '100000', '__proto__', 'constructor', '-0']

/** Beyond ASCII: UTF-16 order and byte order differ between the first two. */
export const UNICODE = [
  '～Wave Bowl',
  '𝒜stral Lamp',
  '日本茶 緑',
  'Mug ☕🚀',
  'Cafe\u0301 Press',
  'Café Press',
]

/** Texts that must be quoted; some begin with a line end. */
export const QUOTED = [
  'Mug, large',
  'The "best" mug',
  'Mug\nof two lines',
  'Mug\r\nfrom Windows',
  'Mug\rfrom long ago',
  '\nMug',
  '"',
]

/** All of them. */
export const ODD_TEXTS = [...FORMULAS, ...NULL_LOOKALIKES, ...UNICODE, ...QUOTED]

/** Cells whose value is what is left without the spaces and tabs. */
export function padded(value: string): { readonly asIs: string }[] {
  return [{ asIs: `  ${value}\t` }, { asIs: `"${value}"` }, { asIs: `"\t ${value}  "` }]
}
