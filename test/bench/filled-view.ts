import { type Objects, streamOf } from '@reckon/domain'
import type { Metadata } from '@reckon/eventing'
import {
  type KubernetesObject,
  nodes,
  pods,
  type ReplicaSet,
  type Resource,
  replicaSets,
} from '@reckon/kubernetes'
import { samplePod } from './sample-history.ts'

const podsOfSet = 10
const podsOfNode = 30

const recorded: Metadata = {
  actor: { user: 'system:admin', groups: ['system:masters'] },
  verb: 'create',
  time: '2026-01-01T00:00:00.000Z',
  $correlationId: 'bench',
}

/** Fills the view with this many pods, and with their ReplicaSets and nodes, as if they had been recorded. */
export function fillView(objects: Objects, count: number): void {
  let position = (objects.position ?? 0n) + 1n
  const put = (resource: Resource, object: KubernetesObject) => {
    const { namespace, name } = object.metadata
    objects.apply({
      id: `e${position}`,
      type: `${resource.kind}Created`,
      stream: streamOf(resource, namespace, name),
      revision: 0n,
      position: position++,
      data: { object },
      metadata: recorded,
    })
  }
  for (let n = 0; n < count / podsOfSet; n++) put(replicaSets, setOf(n))
  for (let n = 0; n < count; n++) put(pods, podOf(n))
  for (let n = 0; n < count / podsOfNode; n++) put(nodes, nodeOf(n))
}

const labelsOf = (set: number) => ({ app: 'web', 'pod-template-hash': `hash${set}` })

function setOf(n: number): ReplicaSet {
  const labels = labelsOf(n)
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `set-${n}`, namespace: 'bench', uid: `set-${n}`, generation: 1 },
    spec: {
      replicas: podsOfSet,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [] } },
    },
    status: {
      replicas: podsOfSet,
      fullyLabeledReplicas: podsOfSet,
      readyReplicas: podsOfSet,
      availableReplicas: podsOfSet,
      observedGeneration: 1,
    },
  }
}

function podOf(n: number): KubernetesObject {
  const set = Math.floor(n / podsOfSet)
  const pod = samplePod(`pod-${n}`)
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `set-${set}`, uid: `set-${set}` }
  const ownerReferences = [{ ...owner, controller: true }]
  const nodeName = `node-${Math.floor(n / podsOfNode)}`
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: labelsOf(set), ownerReferences },
    spec: { ...(pod.spec as object), nodeName },
  }
}

const nodeOf = (n: number): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${n}`, uid: `node-${n}` },
  spec: {},
})
