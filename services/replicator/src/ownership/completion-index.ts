import type { KubernetesObject } from '@reckon/kubernetes'

/** The annotation with the completion index of a pod, as upstream. */
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'

/** The completion index of a pod of an Indexed Job; undefined for other pods. */
export function indexOf({ metadata }: KubernetesObject): number | undefined {
  const text = metadata.annotations?.[indexAnnotation]
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** Indexes as a Job's status has them: `1,3-5,7`. */
export function indexesText(indexes: Iterable<number>): string {
  const ranges: [from: number, to: number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last?.[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
