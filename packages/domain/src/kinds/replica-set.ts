import type { KindRules } from './kind-rules.ts'
import { changedSpecFields } from './spec-changes.ts'

export const replicaSetRules: KindRules = {
  countsGeneration: true,
  nameChange: (before, after) => {
    const changed = changedSpecFields(before, after)
    return changed.length === 1 && changed[0] === 'replicas' ? 'ReplicaSetScaled' : undefined
  },
}
