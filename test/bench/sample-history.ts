import { randomUUID } from 'node:crypto'
import type { NewEvent } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'

/** A pod of some 1.5 kB, as a ReplicaSet's pod is. */
export const samplePod = (
  name: string,
  { nodeName = 'node-1', namespace = 'bench' }: { nodeName?: string; namespace?: string } = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    uid: randomUUID(),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'pod-template-hash': '5d78c9869d' },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'web', controller: true },
    ],
  },
  spec: {
    nodeName,
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: 'web',
        image: 'nginx:1.27',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        env: [{ name: 'MODE', value: 'production' }],
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
      },
    ],
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
  },
  status: {
    phase: 'Running',
    podIP: '10.244.1.7',
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:01Z',
    })),
    containerStatuses: [
      { name: 'web', ready: true, restartCount: 0, image: 'nginx:1.27', imageID: 'sha256:web' },
    ],
  },
})

/** How many events each pod of the history has. */
export const eventsPerPod = 100
/** As in the write path: how often an event carries the whole object. */
const changesBetweenFullStates = 64

/** The distance between a pod's events. */
const beganMs = Date.UTC(2026, 0, 1)
const betweenMs = 20_000

/** A pod's event at `revision`: creation, then status changes of some 500 bytes each. */
export function podEvent(pod: KubernetesObject, revision: number): NewEvent {
  const restarts = '/status/containerStatuses/0/restartCount'
  const isFullState = revision > 0 && revision % changesBetweenFullStates === 0
  const { uid = '' } = pod.metadata
  const intent = { id: uid, correlationId: uid }
  const patch = [
    { op: 'replace', path: restarts, value: revision },
    { op: 'replace', path: '/status/conditions/3/lastTransitionTime', value: `t${revision}` },
  ]
  return {
    id: revision === 0 ? uid : randomUUID(),
    type: revision === 0 ? 'PodCreated' : 'PodStatusChanged',
    data: revision === 0 ? { object: pod } : { patch, ...(isFullState && { object: pod, intent }) },
    metadata: {
      actor: { user: 'system:node:node-1', groups: ['system:nodes'] },
      verb: 'patch',
      time: new Date(beganMs + revision * betweenMs).toISOString(),
      $correlationId: revision === 0 ? uid : randomUUID(),
      $causationId: randomUUID(),
    },
  }
}

export const podStream = ({ metadata: { namespace, name } }: KubernetesObject): string =>
  `pods-${namespace}/${name}`
