import type { Objects } from '@reckon/domain'
import {
  controllerOf,
  isDeepEqual,
  isOf,
  type KubernetesObject,
  nodes,
  type Pod,
  pods,
  priorityClasses,
} from '@reckon/kubernetes'
import type { SupposedCluster } from './supposed-cluster.ts'
import type { Supposition } from './supposition.ts'
import { podsBehind, podsLike, templateOf, workloadNamed } from './workloads.ts'

/** Further results of a supposition: pods that are removed, or why it has no effect. */
type Supposed = { readonly removed: readonly string[]; readonly note?: string }
type Context = { readonly objects: Objects; readonly supposed: SupposedCluster }

/** Applies a supposition. */
export function suppose(supposition: Supposition, context: Context): Supposed {
  const { objects, supposed } = context
  switch (supposition.suppose) {
    case 'Configured':
      return { removed: [] }
    case 'NodeAdded':
      supposed.cluster.setNode(supposition.node)
      return { removed: [] }
    case 'NodeRemoved':
      return withoutNode(supposition.name, context)
    case 'PrioritySet':
      return about(supposition.of, context, (object) => {
        for (const pod of podsBehind(objects, object))
          supposed.setPriority(pod, supposition.priority)
        return { removed: [] }
      })
    case 'Scaled':
      return about(supposition.of, context, (object) =>
        scaled(object, supposition.replicas, context),
      )
    case 'Applied':
      return applied(supposition.object, context)
  }
}

function about(
  name: Parameters<typeof workloadNamed>[1],
  { objects }: Context,
  then: (object: KubernetesObject) => Supposed,
): Supposed {
  const object = workloadNamed(objects, name)
  const { kind, namespace } = name
  const note = `there is no ${kind} ${name.name} in namespace ${namespace}`
  return object ? then(object) : { removed: [], note }
}

/** Its pods are created again, except those of a DaemonSet, which belong to their node. */
function withoutNode(name: string, { objects, supposed }: Context): Supposed {
  const uids = new Set(supposed.removeNode(name))
  const isThere = objects.get(nodes, '', name) !== undefined
  // If the assumption begins before the node joined, the node is ignored when it joins.
  if (!isThere)
    return {
      removed: [],
      note: `there is no node ${name} at that time: if it comes later, it is kept out`,
    }
  const removed: string[] = []
  for (const { object: pod } of objects.podsOn(name)) {
    const { uid = '' } = pod.metadata
    if (!uids.has(uid)) continue
    const kind = controllerOf(pod)?.kind
    if (kind !== undefined && kind !== 'DaemonSet') supposed.enqueue(pod, { from: name })
    else {
      supposed.remove(uid)
      removed.push(nameOf(pod))
    }
  }
  return { removed }
}

function scaled(
  object: KubernetesObject,
  replicas: number,
  { objects, supposed }: Context,
): Supposed {
  if (templateOf(object) === undefined) {
    return { removed: [], note: `a ${object.kind} is not scaled` }
  }
  const behind = podsBehind(objects, object).filter(({ metadata }) => !metadata.deletionTimestamp)
  for (const pod of podsLike(objects, object, replicas - behind.length)) {
    supposed.enqueue(standingOf(pod, objects), { isSupposed: true })
  }
  // Of surplus pods those that are not placed are removed first, then the youngest.
  const isPlaced = ({ spec }: Pod) => (spec.nodeName ? 1 : 0)
  const bornAt = ({ metadata }: Pod) => metadata.creationTimestamp ?? ''
  const spare = behind
    .sort((a, b) => isPlaced(a) - isPlaced(b) || (bornAt(a) < bornAt(b) ? 1 : -1))
    .slice(0, Math.max(0, behind.length - replicas))
  for (const { metadata } of spare) supposed.remove(metadata.uid ?? '')
  return { removed: spare.map(nameOf) }
}

function applied(object: KubernetesObject, { objects, supposed }: Context): Supposed {
  const { kind, metadata } = object
  const { namespace = '', name } = metadata
  const found = templateOf(object)
  const isPod = isOf(pods, object)
  if (found === undefined && !isPod) {
    return { removed: [], note: `nothing is supposed of a ${kind}: ${name} was passed over` }
  }
  const standing = workloadNamed(objects, { kind, namespace, name })
  if (standing && isPod) {
    return { removed: [], note: `there is a pod ${nameOf(object)} already: it was passed over` }
  }
  if (standing && isDeepEqual(templateOf(standing)?.template, found?.template)) {
    return scaled(standing, found?.count ?? 0, { objects, supposed })
  }
  // Another template replaces all pods created from the previous one.
  const replaced = standing ? podsBehind(objects, standing) : []
  for (const pod of replaced) supposed.remove(pod.metadata.uid ?? '')
  const wanted = isPod
    ? [{ ...object, metadata: { ...metadata, uid: `supposed/${nameOf(object)}` } }]
    : podsLike(objects, object, found?.count ?? 0)
  for (const pod of wanted) supposed.enqueue(standingOf(pod, objects), { isSupposed: true })
  return { removed: replaced.map(nameOf) }
}

/** The pod with the priority of its class. */
function standingOf(pod: Pod, objects: Objects): Pod {
  const { priorityClassName = '', priority } = pod.spec
  const found = objects.get(priorityClasses, '', priorityClassName)?.object
  if (found === undefined || priority !== undefined) return pod
  return { ...pod, spec: { ...pod.spec, priority: found.value } }
}

const nameOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`
