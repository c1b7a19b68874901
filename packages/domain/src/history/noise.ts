/** Metadata that servers and controllers maintain. */
const kept = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp']

/** Annotations in which clients and controllers remember their own actions. */
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

/** Whether a field expresses nobody's intent: status, and bookkeeping of servers and clients. */
export const isNoise = (field: string): boolean => noise.some((outer) => isWithin(field, outer))

/** Whether a field equals another one or lies within it. */
export const isWithin = (field: string, outer: string): boolean =>
  field === outer || field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`)
