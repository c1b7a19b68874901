import type { ObjectChange, Objects } from '@reckon/domain'
import {
  type KubernetesObject,
  type LabelSelector,
  namespaces,
  nodes,
  objectKey,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  type Resource,
  replicaSets,
  replicationControllers,
  resourceId,
  services,
  statefulSets,
  storageClasses,
} from '@reckon/kubernetes'
import { ClusterState } from './cluster-state.ts'
import { nominationOf, occupiesNode } from './node-of-pod.ts'

/** How an object of one kind, present or deleted, is applied to the state that placements depend on. */
type Feed<T extends KubernetesObject> = {
  set(cluster: ClusterState, object: T): void
  remove(cluster: ClusterState, object: T): void
}

// Declared as methods, so that a feed of one kind is also one of any object.
const feedOf = <T extends KubernetesObject>(
  resource: Resource<T>,
  own: Feed<T>,
): readonly [Resource, Feed<KubernetesObject>] => [resource, own]

const groupingFeedOf = <T extends KubernetesObject>(
  resource: Resource<T>,
  selectorOf: (object: T) => LabelSelector | undefined,
) =>
  feedOf(resource, {
    set: (cluster, object) => {
      const selector = selectorOf(object) ?? {}
      cluster.setGrouping({ kind: resource.kind, metadata: object.metadata, selector })
    },
    remove: (cluster, { metadata: { namespace = '', name } }) =>
      cluster.removeGrouping(resource.kind, namespace, name),
  })

const feeds = [
  feedOf(nodes, {
    set: (cluster, node) => cluster.setNode(node),
    remove: (cluster, { metadata }) => cluster.removeNode(metadata.name),
  }),
  feedOf(pods, {
    set(cluster, pod) {
      if (occupiesNode(pod)) cluster.addPod(pod, pod.spec.nodeName)
      else if (pod.spec.nodeName) cluster.removePod(pod.metadata.uid ?? '')
      cluster.nominate(pod, nominationOf(pod))
    },
    remove(cluster, pod) {
      cluster.removePod(pod.metadata.uid ?? '')
      cluster.nominate(pod, undefined)
    },
  }),
  feedOf(podDisruptionBudgets, {
    set: (cluster, budget) => cluster.setBudget(budget),
    remove: (cluster, { metadata: { namespace = '', name } }) =>
      cluster.removeBudget(namespace, name),
  }),
  feedOf(namespaces, {
    set: (cluster, { metadata: { name, labels } }) => cluster.setNamespace(name, labels),
    remove: (cluster, { metadata }) => cluster.setNamespace(metadata.name),
  }),
  feedOf(services, {
    set: (cluster, service) => cluster.setService(service),
    remove: (cluster, { metadata: { namespace = '', name } }) =>
      cluster.removeService(namespace, name),
  }),
  feedOf(persistentVolumeClaims, {
    set: (cluster, claim) => cluster.storage.setClaim(claim),
    remove: (cluster, { metadata }) => cluster.storage.removeClaim(objectKey(metadata)),
  }),
  feedOf(persistentVolumes, {
    set: (cluster, volume) => cluster.storage.setVolume(volume),
    remove: (cluster, { metadata }) => cluster.storage.removeVolume(metadata.name),
  }),
  feedOf(storageClasses, {
    set: (cluster, storageClass) => cluster.storage.setClass(storageClass),
    remove: (cluster, { metadata }) => cluster.storage.removeClass(metadata.name),
  }),
  groupingFeedOf(replicaSets, ({ spec }) => spec.selector),
  groupingFeedOf(statefulSets, ({ spec }) => spec.selector),
  groupingFeedOf(replicationControllers, ({ spec }) => ({ matchLabels: spec.selector ?? {} })),
]
const feedById = new Map(feeds.map(([resource, own]) => [resourceId(resource), own]))

/** The kinds on whose objects placements depend. */
export const fedResources: readonly Resource[] = feeds.map(([resource]) => resource)

/** Whether placements depend on objects of that kind. */
export const isFed = (resourceId: string): boolean => feedById.has(resourceId)

/** The part of a change that placements depend on. */
type Change = Pick<ObjectChange, 'type' | 'resource' | 'stored'>

/** Applies what one event did to one object. */
export function feed(cluster: ClusterState, { type, resource, stored }: Change): void {
  const ofKind = feedById.get(resourceId(resource))
  if (type === 'DELETED') ofKind?.remove(cluster, stored.object)
  else ofKind?.set(cluster, stored.object)
}

/** The state that placements depend on, built from a view. */
export function clusterStateIn(objects: Objects): ClusterState {
  const cluster = new ClusterState()
  for (const [resource, { set }] of feeds) {
    for (const { object } of objects.scan(resource)) set(cluster, object)
  }
  return cluster
}
