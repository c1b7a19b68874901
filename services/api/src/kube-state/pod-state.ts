import { conditionOf, hasCondition, type Pod, pods } from '@reckon/kubernetes'
import { containerStates } from './container-state.ts'
import {
  amount,
  conditionSample,
  created,
  gauge,
  info,
  kindState,
  oneOf,
  ownerSamples,
  type StateFamily,
  seconds,
} from './state-family.ts'

const phases = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running']
const reasons = ['Evicted', 'NodeAffinity', 'NodeLost', 'Shutdown', 'UnexpectedAdmissionError']

const described: readonly StateFamily<Pod>[] = [
  info('kube_pod_info', 'Where a pod is, and whose it is', ({ metadata, spec, status }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)
    return {
      host_ip: status?.hostIP ?? '',
      pod_ip: status?.podIP ?? '',
      node: spec.nodeName ?? '',
      created_by_kind: owner?.kind ?? '',
      created_by_name: owner?.name ?? '',
      priority_class: spec.priorityClassName ?? '',
      host_network: String(spec.hostNetwork ?? false),
    }
  }),
  gauge('kube_pod_owner', 'The owners of a pod', ownerSamples),
  created('kube_pod_created'),
  amount('kube_pod_start_time', 'When its node took a pod', ({ status }) =>
    seconds(status?.startTime),
  ),
  amount('kube_pod_deletion_timestamp', 'When a pod has to be gone', ({ metadata }) =>
    seconds(metadata.deletionTimestamp),
  ),
  amount('kube_pod_completion_time', 'When the last container of a pod has ended', completionTime),
  info('kube_pod_restart_policy', 'When containers of a pod are started again', ({ spec }) => ({
    type: spec.restartPolicy ?? 'Always',
  })),
  gauge(
    'kube_pod_spec_volumes_persistentvolumeclaims_info',
    'The claims that a pod mounts',
    ({ spec }) =>
      (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim: claim }) =>
        claim
          ? [{ labels: { volume: name, persistentvolumeclaim: claim.claimName }, value: 1 }]
          : [],
      ),
  ),
]

const statuses: readonly StateFamily<Pod>[] = [
  gauge('kube_pod_status_phase', 'The phase of a pod', ({ status }) =>
    oneOf('phase', phases, status?.phase),
  ),
  gauge('kube_pod_status_ready', 'Whether a pod serves', ({ status }) =>
    conditionSample(status, 'Ready'),
  ),
  gauge('kube_pod_status_scheduled', 'Whether a pod has a node', ({ status }) =>
    conditionSample(status, 'PodScheduled'),
  ),
  amount('kube_pod_status_ready_time', 'Since when a pod serves', (pod) => sinceTrue(pod, 'Ready')),
  amount('kube_pod_status_scheduled_time', 'Since when a pod has a node', (pod) =>
    sinceTrue(pod, 'PodScheduled'),
  ),
  amount('kube_pod_status_unschedulable', 'That no node suits a pod', ({ status }) => {
    const isUnschedulable = conditionOf(status, 'PodScheduled')?.reason === 'Unschedulable'
    return isUnschedulable || undefined
  }),
  gauge('kube_pod_status_reason', 'Why a pod is as it is', ({ status }) =>
    oneOf('reason', reasons, status?.reason),
  ),
  gauge('kube_pod_status_qos_class', 'The class of service of a pod', ({ status }) =>
    oneOf('qos_class', ['BestEffort', 'Burstable', 'Guaranteed'], status?.qosClass),
  ),
]

/** Pods under the names of kube-state-metrics. */
export const podState = kindState(
  pods,
  ({ metadata: { namespace = '', name, uid = '' } }) => ({ namespace, pod: name, uid }),
  [...described, ...statuses, ...containerStates],
)

const sinceTrue = ({ status }: Pod, type: string): number | undefined =>
  hasCondition(status, type) ? seconds(conditionOf(status, type)?.lastTransitionTime) : undefined

function completionTime({ status }: Pod): number | undefined {
  if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') return undefined
  const ends = (status.containerStatuses ?? []).flatMap(
    ({ state }) => seconds(state?.terminated?.finishedAt) ?? [],
  )
  return ends.length > 0 ? Math.max(...ends) : undefined
}
