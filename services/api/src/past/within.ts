import type { Range } from '@reckon/domain'
import { matchesLabels } from '@reckon/kubernetes'
import { firstOf } from './list-order.ts'
import type { PastItem } from './past-item.ts'

/**
 * The items in a range, of items in list order. Where labels are asked for each item is parsed, with `turn` awaited
 * after it; otherwise a few of their keys are looked at.
 */
export async function within<T extends PastItem>(
  { namespace, after = '', labels = [] }: Range,
  items: readonly T[],
  turn: () => Promise<void>,
): Promise<readonly T[]> {
  const prefix = namespace === undefined ? '' : `${namespace} `
  const from = firstOf(items, (key) => key >= prefix && key > after)
  const to = firstOf(items, (key) => key >= prefix && !key.startsWith(prefix))
  const there = items.slice(from, to)
  if (labels.length === 0) return there
  const found: T[] = []
  for (const item of there) {
    if (matchesLabels(labels, item.object.metadata.labels)) found.push(item)
    await turn()
  }
  return found
}
