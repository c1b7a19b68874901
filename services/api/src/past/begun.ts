/** An iteration whose first step is under way before anybody takes it. It must be disposed of. */
export type Begun<T> = AsyncIterableIterator<T> & AsyncDisposable

export function begun<T>(all: AsyncGenerator<T, undefined, undefined>): Begun<T> {
  let first: Promise<IteratorResult<T>> | undefined = all.next()
  // Who takes it hears of it.
  first.catch(() => {})
  const each: Begun<T> = {
    next() {
      const next = first ?? all.next()
      first = undefined
      return next
    },
    return: () => all.return(undefined),
    [Symbol.asyncIterator]: () => each,
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  }
  return each
}
