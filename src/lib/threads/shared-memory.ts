type NumberArray = Float64Array | Int32Array | Int8Array | Uint8Array

/** The same numbers in memory that several threads can read. */
export function sharedCopy<A extends NumberArray>(values: A): A {
  const create = values.constructor as new (memory: SharedArrayBuffer) => A
  const copy = new create(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
