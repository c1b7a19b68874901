/**
 * The first of some items, in their order, from which on a check fails, if it fails for the last one: each check halves
 * what is left.
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
