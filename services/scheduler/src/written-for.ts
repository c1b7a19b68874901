import type { Origin, StoredObject } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'

const actor = { user: 'system:kube-scheduler', client: 'reckon-scheduler' }

/** Who writes, and what of the pod that is answered. */
export const originOf = (stored: StoredObject): Origin => ({
  actor,
  verb: 'create',
  cause: stored.intent,
  fieldManager: 'reckon-scheduler',
})

export const refOf = ({ metadata: { namespace = '', name, uid = '' } }: Pod) => ({
  namespace,
  name,
  uid,
})
