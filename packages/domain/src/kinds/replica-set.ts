import type { ReplicaSet } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { isOnlyChange } from './spec-changes.ts'

/** A ReplicaSet is scaled, by its Deployment or by users. */
export const replicaSetRules: KindRules<ReplicaSet> = {
  countsGeneration: true,
  changes: [{ type: 'ReplicaSetScaled', is: isOnlyChange('replicas') }],
}
