import type { Origin, StoredObject } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'

const actor = { user: 'system:kube-scheduler', client: 'reckon-scheduler' }

/** The origin of a write: the scheduler, and the pod's event that it answers. */
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
