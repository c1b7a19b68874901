import { ownValue, type Pod, StatusError } from '@reckon/kubernetes'

/** Pod fields that only the node knows when containers start. */
export type PodAddresses = { podIP?: string; hostIP?: string }

/** A pod's field through the downward API. Refuses an unsupported field with `Invalid`. */
export function fieldOf(pod: Pod, path: string, addresses: PodAddresses): string {
  const { metadata, spec } = pod
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  if (entry !== null) {
    const [, which, key = ''] = entry
    return ownValue(which === 'labels' ? metadata.labels : metadata.annotations, key) ?? ''
  }
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': lines(metadata.labels),
    'metadata.annotations': lines(metadata.annotations),
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': addresses.podIP,
    'status.podIPs': addresses.podIP,
    'status.hostIP': addresses.hostIP,
    'status.hostIPs': addresses.hostIP,
  }
  if (!Object.hasOwn(fields, path))
    throw new StatusError('Invalid', `unsupported fieldPath: ${path}`)
  return fields[path] ?? ''
}

const lines = (entries: Record<string, string> | undefined): string =>
  Object.entries(entries ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
