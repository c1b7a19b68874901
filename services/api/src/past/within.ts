import type { Range } from '@reckon/domain'
import { matchesLabels } from '@reckon/kubernetes'
import type { PastItem } from './past-item.ts'

/** The items in a range. Where labels are asked for each item is parsed, with `turn` awaited after it. */
export async function within<T extends PastItem>(
  { namespace, after, labels = [] }: Range,
  items: readonly T[],
  turn: () => Promise<void>,
): Promise<readonly T[]> {
  const prefix = namespace === undefined ? '' : `${namespace} `
  const there = items.filter(
    ({ key }) => key.startsWith(prefix) && (after === undefined || key > after),
  )
  if (labels.length === 0) return there
  const found: T[] = []
  for (const item of there) {
    if (matchesLabels(labels, item.object.metadata.labels)) found.push(item)
    await turn()
  }
  return found
}
