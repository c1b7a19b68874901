import type { NodePlugin } from '../framework.ts'

/** The labels that name a volume's zone and region, current and deprecated ones. */
const zoneLabels = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
]
/** Upstream's separator, where a volume is in several zones. */
const separator = '__'

/** A node with a zone label must be in one of the zones of the pod's volumes. */
export const volumeZone: NodePlugin = {
  name: 'VolumeZone',
  points: ['filter'],
  judges: 'node',
  helpedBy: ['StorageChanged'],
  prepare({ claims }, { storage }) {
    if (claims.length === 0) return undefined
    const wanted = storage
      .needsOf(claims)
      .flatMap((need) => (need.type === 'Bound' ? Object.entries(need.volume.labels) : []))
      .filter(([key]) => zoneLabels.includes(key))
      .map(([key, value]) => ({ key, values: value.split(separator) }))
    if (wanted.length === 0) return undefined
    return {
      filter({ metadata: { labels = {} } }) {
        // Nodes without a zone label count as one zone.
        if (!zoneLabels.some((key) => key in labels)) return undefined
        const isThere = wanted.every(({ key, values }) => values.includes(labels[key] ?? ''))
        return isThere ? undefined : 'node(s) had no available volume zone'
      },
    }
  },
}
