/**
 * What a run is called by, as part of a regular expression: what has more digits is not of a run of ours, and
 * would be no number that can be counted on.
 */
export const RUN_ID = '\\d{6,12}-\\d{8}T\\d{6}Z-[0-9a-f]{4}'

const WHOLE_RUN_ID = new RegExp(`^${RUN_ID}$`)

/** Whether a text has the form of a run id. */
export function isRunId(text: string): boolean {
  return WHOLE_RUN_ID.test(text)
}
