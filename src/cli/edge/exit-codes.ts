import type { Failure } from '../../lib/errors.ts'

/** Exit codes (sysexits.h); they clash neither with Node's own 1 to 13 nor with 128 + signal. */
export const EXIT_OK = 0
export const EXIT_USAGE = 64
export const EXIT_INTERNAL = 70

const EXIT_BY_FAILURE: Readonly<Record<Failure, number>> = {
  usage: EXIT_USAGE,
  data: 65,
  input: 66,
  internal: EXIT_INTERNAL,
  create: 73,
  io: 74,
  retry: 75,
  config: 78,
}

export function exitCodeOf(failure: Failure): number {
  return EXIT_BY_FAILURE[failure]
}

/** The exit codes with their meaning, as README and --help list them. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [
    0,
    'published: a complete new set of seven CSVs is visible (or nothing new was there to publish), and the run is recorded',
  ],
  [64, 'usage: an option is wrong'],
  [65, 'data refused: too many rejects, wrong header, broken CSV or gzip, --strict findings'],
  [66, 'input missing or cannot be opened'],
  [70, 'a fault of ecomagg (control totals disagree): please report it'],
  [73, 'output, log folder or lock cannot be created'],
  [74, 'reading or writing failed (disk full, I/O error)'],
  [75, 'try later: another run holds the lock, or an input changed while it was read'],
  [78, 'a setting is wrong'],
]
