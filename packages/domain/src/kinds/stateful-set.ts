import type { StatefulSet } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { isOnlyChange } from './spec-changes.ts'

/** A StatefulSet is scaled by users. */
export const statefulSetRules: KindRules<StatefulSet> = {
  countsGeneration: true,
  changes: [{ type: 'StatefulSetScaled', is: isOnlyChange('replicas') }],
}
