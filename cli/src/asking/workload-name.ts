import type { WorkloadName } from '@reckon/scheduling'

/** A kind that makes pods, where it is served, and kubectl's names for it. */
type Workload = { readonly kind: string; readonly path: string; readonly names: readonly string[] }

// Repeated here, so that `reckon why` need not load all kinds.
export const workloads: readonly Workload[] = [
  { kind: 'Pod', path: '/api/v1', names: ['pods', 'pod', 'po'] },
  { kind: 'Deployment', path: '/apis/apps/v1', names: ['deployments', 'deployment', 'deploy'] },
  { kind: 'ReplicaSet', path: '/apis/apps/v1', names: ['replicasets', 'replicaset', 'rs'] },
  { kind: 'StatefulSet', path: '/apis/apps/v1', names: ['statefulsets', 'statefulset', 'sts'] },
  { kind: 'DaemonSet', path: '/apis/apps/v1', names: ['daemonsets', 'daemonset', 'ds'] },
  { kind: 'Job', path: '/apis/batch/v1', names: ['jobs', 'job'] },
  {
    kind: 'ReplicationController',
    path: '/api/v1',
    names: ['replicationcontrollers', 'replicationcontroller', 'rc'],
  },
]

/** Parses `deployment/web`, `deploy/web` or `web-1`, as kubectl does; throws where it names nothing that makes pods. */
export function workloadNameFrom(text: string, namespace: string): WorkloadName {
  const [, type = 'pod', name = ''] = /^(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? []
  // A group may follow the name: `deployments.apps/web`.
  const [named = ''] = type.toLowerCase().split('.')
  const found = workloads.find(({ names }) => names.includes(named))
  if (found && name !== '') return { kind: found.kind, namespace, name }
  const kinds = workloads.map(({ names: [, singular] }) => singular).join(', ')
  throw new Error(`"${text}" names no pods; name one of ${kinds}, as in deployment/web`)
}
