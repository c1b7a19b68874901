import type { KubernetesObject } from '@reckon/kubernetes'
import type { Seen } from './operation.ts'

/** Where a workload writes what tells one write from another; no controller touches it. */
export const tokenAnnotation = 'histories.reckon.dev/token'

/** What of an object the checks look at. */
export function seenOf(resource: string, { metadata }: Pick<KubernetesObject, 'metadata'>): Seen {
  const { namespace = '', name, uid = '', resourceVersion = '' } = metadata
  const token = metadata.annotations?.[tokenAnnotation]
  return {
    ref: { resource, namespace, name },
    uid,
    version: BigInt(resourceVersion),
    ...(token !== undefined && { token }),
    ...(metadata.deletionTimestamp !== undefined && { isTerminating: true }),
  }
}
