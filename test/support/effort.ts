/** Whether tests that can go on for long do so: `npm run test:thorough`. */
const isThorough = process.env.THOROUGH === '1'

/** How many cases a test tries: a number for every day, and one for when there is time. */
export function cases(usual: number, thorough: number): number {
  return isThorough ? thorough : usual
}
