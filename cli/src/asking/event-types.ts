import { eventTypes, rulesOf } from '@reckon/domain'
import { resources } from '@reckon/kubernetes'

/** Event types that are not those of objects. */
const others = [
  ...['ClusterFounded', 'TermBegan', 'PlacementRefused', 'SchedulerConfigured', 'NoteRecorded'],
]
const nearMax = 5

/** The known event types most similar to this one; undefined if it is one itself. */
export function nearTypes(type: string): string[] | undefined {
  const ofKinds = resources
    .filter(({ isReview }) => !isReview)
    .flatMap((resource) => [
      ...Object.values(eventTypes(resource.kind)),
      ...(rulesOf(resource).changes ?? []).map((change) => change.type),
    ])
  const known = [...new Set([...ofKinds, ...others])]
  if (known.includes(type)) return undefined
  const wanted = type.toLowerCase()
  return known
    .map((each) => ({ each, distance: distanceOf(each.toLowerCase(), wanted) }))
    .filter(({ each, distance }) => distance <= wanted.length / 2 || isPart(each, wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, nearMax)
    .map(({ each }) => each)
}

const isPart = (each: string, wanted: string): boolean => each.toLowerCase().includes(wanted)

/** The edit distance of two texts (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
