/** Of metadata, what servers and controllers keep for themselves. */
const kept = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp']

/** Annotations by which clients and controllers remember what they did. */
const notes = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
]

const noise = [
  'status',
  ...kept.map((field) => `metadata.${field}`),
  ...notes.map((note) => `metadata.annotations[${note}]`),
]

/** Whether a field says nothing of what anybody wanted: status, and what servers and clients note for themselves. */
export const isNoise = (field: string): boolean => noise.some((outer) => isWithin(field, outer))

/** Whether a field is another one, or in it. */
export const isWithin = (field: string, outer: string): boolean =>
  field === outer || field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`)
