type NumberArray = Float64Array | Int32Array | Int8Array | Uint32Array | Uint8Array

/** A typed array that grows by half of its size; `trim` gives what was filled. */
export class Growing<A extends NumberArray> {
  values: A
  length = 0
  readonly #create: new (
    size: number,
  ) => A

  /** @param create the array's constructor, such as Float64Array */
  constructor(create: new (size: number) => A, capacity = 1024) {
    this.#create = create
    this.values = new create(capacity)
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(this.length + 1)
    this.values[this.length++] = value
  }

  /** Adds the first values of an array. */
  append(values: NumberArray, count: number): void {
    this.reserve(this.length + count)
    this.values.set(values.length === count ? values : values.subarray(0, count), this.length)
    this.length += count
  }

  /** Makes room for that many values; the new ones are 0 and not counted in `length`. */
  reserve(size: number): void {
    if (size <= this.values.length) return
    const next = new this.#create(Math.max(size, Math.ceil(this.values.length * 1.5)))
    next.set(this.values)
    this.values = next
  }

  /** The filled part, in an array of just its size; memory that is hardly larger is not copied for it. */
  trim(): A {
    const { values, length } = this
    if (values.length === length) return values
    return (values.length - length <= length / 16 ? values.subarray(0, length) : values.slice(0, length)) as A
  }
}
