import { endpointSlices, endpoints, events, resourceId } from '@reckon/kubernetes'

/** Kinds whose objects are derived from others, or report what happens rather than what somebody wants. */
export const derivedKinds: ReadonlySet<string> = new Set([
  ...[events, endpointSlices, endpoints].map(resourceId),
  'leases.coordination.k8s.io',
])
