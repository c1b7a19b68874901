import { endpointSlices, endpoints, events, resourceId } from '@reckon/kubernetes'

/** Kinds whose objects are derived from others, or say what happens and not what somebody wants to be. */
export const derivedKinds: ReadonlySet<string> = new Set([
  ...[events, endpointSlices, endpoints].map(resourceId),
  'leases.coordination.k8s.io',
])
