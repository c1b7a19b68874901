import type { PastItem, SavedItem } from './past-item.ts'

/**
 * Puts items into the order of lists. A snapshot has them in it, which their bytes tell at a fraction of what their keys
 * cost.
 */
export function inListOrder(items: SavedItem[]): SavedItem[] {
  const areInOrder = items.every((item, n) => items[n - 1]?.isSurelyBefore(item) ?? true)
  return areInOrder ? items : items.sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Items in list order without those at some places, and with others, which are in list order too. */
export function merged(
  items: readonly SavedItem[],
  { without, others }: { without: ReadonlySet<number>; others: readonly SavedItem[] },
): readonly SavedItem[] {
  const all: SavedItem[] = []
  let next = 0
  const takeUntil = (end: number): void => {
    for (; next < end; next++) {
      const item = items[next]
      if (item && !without.has(next)) all.push(item)
    }
  }
  for (const other of others) {
    takeUntil(firstOf(items, (key) => key >= other.key))
    all.push(other)
  }
  takeUntil(items.length)
  return all
}

/** The index of the first item whose key is of a kind, as are all after it; their number if there is none. */
export function firstOf(items: readonly PastItem[], isOne: (key: string) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isOne(items[middle]?.key ?? '')) high = middle
    else low = middle + 1
  }
  return low
}
