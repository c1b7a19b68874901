import { type PersistentVolumeClaim, storageFinalizers } from '@reckon/kubernetes'
import { withFinalizer } from './finalizers.ts'
import type { KindRules } from './kind-rules.ts'

/** A claim waits for a volume and keeps it; it is not deleted while a pod uses it. */
export const persistentVolumeClaimRules: KindRules<PersistentVolumeClaim> = {
  changes: [
    {
      type: 'PersistentVolumeClaimBound',
      is: (before, after) => before.status?.phase !== 'Bound' && after.status?.phase === 'Bound',
    },
  ],
  isResized: true,
  prepareCreate: (claim) => ({
    ...withFinalizer(claim, storageFinalizers.claim),
    status: { phase: 'Pending' },
  }),
  prepareStatus: ({ status }) => ({ ...status, phase: status?.phase ?? 'Pending' }),
}
