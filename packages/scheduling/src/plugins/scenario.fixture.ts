import assert from 'node:assert/strict'
import {
  isOf,
  type KubernetesObject,
  type Namespace,
  type Node,
  type NodeSpec,
  type NodeStatus,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  type Service,
  storageClasses,
} from '@reckon/kubernetes'
import { place } from '../placing/place.ts'
import type { Placement } from '../placing/placement.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { occupiesNode } from '../state/node-of-pod.ts'

type NodeOptions = {
  labels?: Record<string, string>
  spec?: NodeSpec
  allocatable?: Record<string, string>
  images?: NodeStatus['images']
}

/** A ready node whose hostname is its name. */
export const node = (name: string, options: NodeOptions = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...options.labels } },
  spec: options.spec ?? {},
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...options.allocatable },
    conditions: [{ type: 'Ready', status: 'True' }],
    ...(options.images && { images: options.images }),
  },
})

/** A node in a zone. */
export const inZone = (zone: string, name: string): Node =>
  node(name, { labels: { 'topology.kubernetes.io/zone': zone } })

type PodOptions = Partial<Pod['spec']> & {
  namespace?: string
  labels?: Record<string, string>
  requests?: Record<string, string>
  image?: string
}

let pods = 0

/** A pod that asks for nothing, unless it says so. */
export const pod = (options: PodOptions = {}): Pod => {
  const { namespace = 'default', labels = {}, requests = {}, image = 'app', ...spec } = options
  pods += 1
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${pods}`, namespace, uid: `uid-${pods}`, labels },
    spec: { containers: [{ name: 'app', image, resources: { requests } }], ...spec },
  }
}

/** `given(node('a'), pod({ nodeName: 'a' })).when(pod()).thenRejected('a', 'Too many pods')` */
export function given(...objects: readonly KubernetesObject[]) {
  const cluster = new ClusterState()
  for (const object of objects) {
    if (isKind<Node>(object, 'Node')) cluster.setNode(object)
    else if (isKind<Namespace>(object, 'Namespace')) {
      cluster.setNamespace(object.metadata.name, object.metadata.labels)
    } else if (isKind<Service>(object, 'Service')) cluster.setService(object)
    else if (isOf(persistentVolumeClaims, object)) cluster.storage.setClaim(object)
    else if (isOf(persistentVolumes, object)) cluster.storage.setVolume(object)
    else if (isOf(storageClasses, object)) cluster.storage.setClass(object)
    else if (isKind<Pod>(object, 'Pod') && occupiesNode(object)) {
      cluster.addPod(object, object.spec.nodeName)
    }
  }
  return { when: (wanted: Pod) => outcome(place(wanted, cluster, defaultPolicy)) }
}

function outcome(placement: Placement) {
  const verdicts = new Map(placement.verdicts().map((verdict) => [verdict.node, verdict]))
  return {
    thenSuits(...nodes: string[]) {
      const suiting = [...verdicts.values()].filter(({ rejectedBy }) => !rejectedBy)
      assert.deepEqual(
        suiting.map(({ node: name }) => name),
        nodes,
        placement.message,
      )
    },
    thenRejected(name: string, plugin: string, reason: string) {
      assert.deepEqual(verdicts.get(name)?.rejectedBy, { plugin, reason })
    },
    /** The weighted scores of one plugin, by node. */
    thenScored(plugin: string, scores: Record<string, number | undefined>) {
      const own = [...verdicts.values()].map((each) => [each.node, each.scores?.[plugin]])
      assert.deepEqual(Object.fromEntries(own), scores)
    },
  }
}

const isKind = <T extends KubernetesObject>(object: KubernetesObject, kind: string): object is T =>
  object.kind === kind
