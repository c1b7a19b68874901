import type { ReplicationController } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { isOnlyChange } from './spec-changes.ts'

/** A ReplicationController is scaled by users. */
export const replicationControllerRules: KindRules<ReplicationController> = {
  countsGeneration: true,
  changes: [{ type: 'ReplicationControllerScaled', is: isOnlyChange('replicas') }],
}
