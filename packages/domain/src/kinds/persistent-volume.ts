import { type PersistentVolume, storageFinalizers } from '@reckon/kubernetes'
import { withFinalizer } from './finalizers.ts'
import type { KindRules } from './kind-rules.ts'

const becomes = (phase: string) => ({
  is: (before: PersistentVolume, after: PersistentVolume): boolean =>
    before.status?.phase !== phase && after.status?.phase === phase,
})

/** A volume is available, then bound to one claim, then released; it is not deleted while it is bound. */
export const persistentVolumeRules: KindRules<PersistentVolume> = {
  changes: [
    { type: 'PersistentVolumeBound', ...becomes('Bound') },
    { type: 'PersistentVolumeReleased', ...becomes('Released') },
  ],
  prepareCreate: (volume) => ({
    ...withFinalizer(volume, storageFinalizers.volume),
    status: { phase: 'Pending' },
  }),
  prepareStatus: ({ status }) => ({ ...status, phase: status?.phase ?? 'Pending' }),
}
