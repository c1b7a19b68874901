/** A function that is called once for each object: as long as that lives, the answer is the same one. */
export function onceEach<K extends object, V extends NonNullable<unknown>>(
  make: (each: K) => V,
): (each: K) => V {
  const made = new WeakMap<K, V>()
  return (each) => {
    const known = made.get(each)
    if (known !== undefined) return known
    const value = make(each)
    made.set(each, value)
    return value
  }
}
