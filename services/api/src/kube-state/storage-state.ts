import {
  memoryBytes,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
} from '@reckon/kubernetes'
import {
  amount,
  created,
  gauge,
  info,
  type KindState,
  kindState,
  named,
  oneOf,
} from './state-family.ts'

const volumeState = kindState(
  persistentVolumes,
  ({ metadata }) => ({ persistentvolume: metadata.name }),
  [
    info('kube_persistentvolume_info', 'The class of a volume', ({ spec }) => ({
      storageclass: spec.storageClassName ?? '',
    })),
    created('kube_persistentvolume_created'),
    amount('kube_persistentvolume_capacity_bytes', 'The size of a volume', ({ spec }) =>
      bytesOf(spec.capacity?.storage),
    ),
    gauge('kube_persistentvolume_status_phase', 'The phase of a volume', ({ status }) =>
      oneOf(
        'phase',
        ['Pending', 'Available', 'Bound', 'Released', 'Failed'],
        status?.phase ?? 'Pending',
      ),
    ),
    gauge('kube_persistentvolume_claim_ref', 'The claim that has a volume', ({ spec }) =>
      spec.claimRef
        ? [
            {
              labels: {
                name: spec.claimRef.name ?? '',
                claim_namespace: spec.claimRef.namespace ?? '',
              },
              value: 1,
            },
          ]
        : [],
    ),
  ],
)

const claimState = kindState(persistentVolumeClaims, named('persistentvolumeclaim'), [
  info('kube_persistentvolumeclaim_info', 'The class and the volume of a claim', ({ spec }) => ({
    storageclass: spec.storageClassName ?? '',
    volumename: spec.volumeName ?? '',
    volumemode: spec.volumeMode ?? '',
  })),
  created('kube_persistentvolumeclaim_created'),
  gauge('kube_persistentvolumeclaim_status_phase', 'The phase of a claim', ({ status }) =>
    oneOf('phase', ['Pending', 'Bound', 'Lost'], status?.phase ?? 'Pending'),
  ),
  amount(
    'kube_persistentvolumeclaim_resource_requests_storage_bytes',
    'What a claim asks for',
    (claim) => bytesOf(claim.spec.resources?.requests?.storage),
  ),
  gauge('kube_persistentvolumeclaim_access_mode', 'How a claim is mounted', ({ spec }) =>
    (spec.accessModes ?? []).map((mode) => ({ labels: { access_mode: mode }, value: 1 })),
  ),
])

const classState = kindState(storageClasses, ({ metadata }) => ({ storageclass: metadata.name }), [
  info('kube_storageclass_info', 'A class of volumes', (each) => ({
    provisioner: each.provisioner,
    reclaim_policy: each.reclaimPolicy ?? '',
    volume_binding_mode: each.volumeBindingMode ?? '',
  })),
  created('kube_storageclass_created'),
])

const bytesOf = (quantity: string | undefined): number | undefined =>
  quantity === undefined ? undefined : memoryBytes(quantity)

/** What pods keep, under the names of kube-state-metrics. */
export const storageStates: readonly KindState[] = [volumeState, claimState, classState]
