/**
 * The first of some ordered items from which on a check fails, provided that it fails for the last one. A binary
 * search.
 */
export async function bisect<Item>(
  items: readonly Item[],
  isGood: (item: Item, left: number) => Promise<boolean>,
): Promise<Item | undefined> {
  let [low, high] = [0, items.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item === undefined) break
    if (await isGood(item, high - low)) low = middle + 1
    else high = middle
  }
  return items[low]
}

/** Throws where there is nothing to search: the check must fail at the bad end and pass at the good one. */
export async function proveEnds<Item>(
  { good, bad }: { good: Item; bad: Item },
  isGood: (item: Item) => Promise<boolean>,
): Promise<void> {
  if (await isGood(bad))
    throw new Error('the check passes at the bad end: there is nothing to find')
  if (!(await isGood(good))) {
    throw new Error(
      'the check fails at the good end already: what broke it lies before, or it is broken itself',
    )
  }
}

/** Whether a check passed, by its exit code; throws for codes that say nothing: a shell's 126 and 127, and signals. */
export function hasPassed(exit: number): boolean {
  if (exit > 127) throw new Error(`the check was ended by a signal (it exited with ${exit})`)
  if (exit >= 126) throw new Error(`the check cannot be run (it exited with ${exit})`)
  return exit === 0
}
