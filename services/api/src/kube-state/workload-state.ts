import {
  amountOfPods,
  daemonSets,
  deployments,
  isJsonObject,
  type KubernetesObject,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '@reckon/kubernetes'
import {
  amount,
  conditionSamples,
  created,
  gauge,
  generation,
  type KindState,
  kindState,
  named,
  ownerSamples,
  type StateFamily,
} from './state-family.ts'

/** Numbers of a status: 0 where it says nothing, as Kubernetes leaves a zero out. */
const counts = (
  prefix: string,
  help: string,
  fields: Readonly<Record<string, string>>,
): StateFamily<KubernetesObject>[] =>
  Object.entries(fields).map(([name, field]) =>
    amount(`${prefix}_${name}`, `${help}: ${field} of its status`, ({ status }) =>
      countIn(status, field),
    ),
  )

function countIn(status: unknown, field: string): number {
  const value = isJsonObject(status) ? status[field] : undefined
  return typeof value === 'number' ? value : 0
}

const deploymentState = kindState(deployments, named('deployment'), [
  created('kube_deployment_created'),
  generation('kube_deployment_metadata_generation'),
  amount('kube_deployment_spec_replicas', 'Pods that are wanted', ({ spec }) => spec.replicas),
  amount('kube_deployment_spec_paused', 'Whether it rests', ({ spec }) => spec.paused ?? false),
  amount(
    'kube_deployment_spec_strategy_rollingupdate_max_unavailable',
    'Pods that may be away during an update',
    ({ spec }) => {
      const share = spec.strategy?.rollingUpdate?.maxUnavailable
      return share === undefined ? undefined : amountOfPods(share, spec.replicas ?? 1, Math.floor)
    },
  ),
  amount(
    'kube_deployment_spec_strategy_rollingupdate_max_surge',
    'Pods that may be there beyond what is wanted during an update',
    ({ spec }) => {
      const share = spec.strategy?.rollingUpdate?.maxSurge
      return share === undefined ? undefined : amountOfPods(share, spec.replicas ?? 1, Math.ceil)
    },
  ),
  ...counts('kube_deployment_status', 'A Deployment', {
    observed_generation: 'observedGeneration',
    replicas: 'replicas',
    replicas_ready: 'readyReplicas',
    replicas_available: 'availableReplicas',
    replicas_unavailable: 'unavailableReplicas',
    replicas_updated: 'updatedReplicas',
  }),
  gauge('kube_deployment_status_condition', 'The conditions of a Deployment', ({ status }) =>
    conditionSamples(status?.conditions),
  ),
])

const replicaSetState = kindState(replicaSets, named('replicaset'), [
  created('kube_replicaset_created'),
  generation('kube_replicaset_metadata_generation'),
  amount('kube_replicaset_spec_replicas', 'Pods that are wanted', ({ spec }) => spec.replicas),
  ...counts('kube_replicaset_status', 'A ReplicaSet', {
    observed_generation: 'observedGeneration',
    replicas: 'replicas',
    ready_replicas: 'readyReplicas',
    fully_labeled_replicas: 'fullyLabeledReplicas',
  }),
  gauge('kube_replicaset_owner', 'The owners of a ReplicaSet', ownerSamples),
])

const replicationControllerState = kindState(
  replicationControllers,
  named('replicationcontroller'),
  [
    created('kube_replicationcontroller_created'),
    generation('kube_replicationcontroller_metadata_generation'),
    amount('kube_replicationcontroller_spec_replicas', 'Pods that are wanted', ({ spec }) => {
      return spec.replicas
    }),
    ...counts('kube_replicationcontroller_status', 'A ReplicationController', {
      observed_generation: 'observedGeneration',
      replicas: 'replicas',
      ready_replicas: 'readyReplicas',
      available_replicas: 'availableReplicas',
      fully_labeled_replicas: 'fullyLabeledReplicas',
    }),
    gauge(
      'kube_replicationcontroller_owner',
      'The owners of a ReplicationController',
      ownerSamples,
    ),
  ],
)

const statefulSetState = kindState(statefulSets, named('statefulset'), [
  created('kube_statefulset_created'),
  generation('kube_statefulset_metadata_generation'),
  amount('kube_statefulset_replicas', 'Pods that are wanted', ({ spec }) => spec.replicas),
  ...counts('kube_statefulset_status', 'A StatefulSet', {
    observed_generation: 'observedGeneration',
    replicas: 'replicas',
    replicas_ready: 'readyReplicas',
    replicas_available: 'availableReplicas',
    replicas_current: 'currentReplicas',
    replicas_updated: 'updatedReplicas',
  }),
  gauge('kube_statefulset_status_current_revision', 'What its pods were', ({ status }) =>
    revisionSample(status?.currentRevision),
  ),
  gauge('kube_statefulset_status_update_revision', 'What its pods become', ({ status }) =>
    revisionSample(status?.updateRevision),
  ),
])

const revisionSample = (revision: string | undefined) =>
  revision === undefined ? [] : [{ labels: { revision }, value: 1 }]

const daemonSetState = kindState(daemonSets, named('daemonset'), [
  created('kube_daemonset_created'),
  generation('kube_daemonset_metadata_generation'),
  ...counts('kube_daemonset_status', 'A DaemonSet', {
    observed_generation: 'observedGeneration',
    current_number_scheduled: 'currentNumberScheduled',
    desired_number_scheduled: 'desiredNumberScheduled',
    number_available: 'numberAvailable',
    number_misscheduled: 'numberMisscheduled',
    number_ready: 'numberReady',
    number_unavailable: 'numberUnavailable',
    updated_number_scheduled: 'updatedNumberScheduled',
  }),
])

/** What keeps pods, under the names of kube-state-metrics. */
export const workloadStates: readonly KindState[] = [
  deploymentState,
  replicaSetState,
  replicationControllerState,
  statefulSetState,
  daemonSetState,
]
