/** Whether tests that can go on for long do so: `npm run test:thorough`. */
export const isThorough = process.env.THOROUGH === '1'

/** How many cases a test tries, or which: those for every day, and those for when there is time. */
export function cases<T>(usual: T, thorough: T): T {
  return isThorough ? thorough : usual
}

/** The cases that are tried: all of them if there is time, else those that are picked. */
export function chosen<T>(all: readonly T[], isPicked: (item: T, place: number) => boolean): readonly T[] {
  return isThorough ? all : all.filter(isPicked)
}

/** Of several cases of each kind the first, or all of them if there is time. */
export function oneOfEach<T>(all: readonly T[], kindOf: (item: T) => string): readonly T[] {
  const kinds = new Set<string>()
  return chosen(all, (item) => {
    const isNew = !kinds.has(kindOf(item))
    kinds.add(kindOf(item))
    return isNew
  })
}
