import { type Objects, refOf, type StoredObject } from '@reckon/domain'
import {
  type DaemonSet,
  type Deployment,
  daemonSets,
  deployments,
  endpointSlices,
  isDeepEqual,
  isInCidr,
  isOf,
  labelSelectorOf,
  matchesLabels,
  namespaces,
  nodes,
  type Pod,
  pods,
  type ReplicaSet,
  resources,
  type Service,
  type StatefulSet,
  services,
  statefulSets,
} from '@reckon/kubernetes'
import {
  type ClusterState,
  clusterStateIn,
  defaultPolicy,
  place,
  reasonSet,
} from '@reckon/scheduling'
import type { Machine } from './machine.ts'
import { isHeld, unsettledStorage } from './unsettled-storage.ts'
import type { World } from './world.ts'

/** What has not converged in the log, in words. */
export const unsettledObjects = (objects: Objects, nodeNames: readonly string[]): string[] => [
  ...leftovers(objects),
  ...homeless(objects),
  ...unplaced(objects),
  ...objects.list(deployments).flatMap((each) => unready(each, objects)),
  ...objects.list(statefulSets).flatMap((each) => incomplete(each, objects)),
  ...objects.list(daemonSets).flatMap((each) => missing(each, objects)),
  ...objects.list(services).flatMap(({ object }) => unrouted(object, objects)),
  ...unbalanced(objects),
  ...claimedInVain(objects),
  ...unsettledStorage(objects),
  ...nodeNames.flatMap((name) => lost(name, objects)),
]

/** What has not converged in the views and machines, in words. */
export async function unsettledProcesses(
  world: World,
  machines: readonly Machine[],
): Promise<string[]> {
  const { objects } = world.history
  const misruns = await Promise.all(machines.map((machine) => misrun(machine, objects)))
  return [...behind(world), ...misruns.flat()]
}

const nameOf = ({ kind, metadata }: StoredObject['object']): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`

const all = (objects: Objects): StoredObject[] =>
  resources.flatMap((resource) => objects.list(resource))

/** Deleted objects are gone, unless somebody uses them. */
const leftovers = (objects: Objects): string[] =>
  all(objects)
    .filter(({ object }) => object.metadata.deletionTimestamp !== undefined)
    .filter(({ object }) => !isHeld(object, objects))
    .map(({ object }) => `${nameOf(object)} is still terminating`)

/** No object is in a namespace that does not exist, or has only owners that are gone. */
function homeless(objects: Objects): string[] {
  const uids = new Set(all(objects).map(({ object }) => object.metadata.uid))
  return all(objects).flatMap(({ object }) => {
    const { namespace, ownerReferences = [] } = object.metadata
    const home = namespace === undefined || objects.get(namespaces, '', namespace) !== undefined
    const orphan = ownerReferences.length > 0 && !ownerReferences.some(({ uid }) => uids.has(uid))
    return [
      ...(home ? [] : [`${nameOf(object)} has no namespace`]),
      ...(orphan ? [`${nameOf(object)} has lost its owners`] : []),
    ]
  })
}

const isOver = (pod: Pod): boolean => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

/** Every bound pod runs; every other waits for a reason. */
function unplaced(objects: Objects): string[] {
  const living = objects.list(pods).flatMap(({ object }) => (isOver(object) ? [] : [object]))
  const waiting = living.filter(({ spec }) => !spec.nodeName)
  const cluster = waiting.length > 0 ? clusterStateIn(objects) : undefined
  return [
    ...living
      .filter((pod) => pod.spec.nodeName && !isReady(pod))
      .map((pod) => `${nameOf(pod)} does not run`),
    ...(cluster ? waiting.flatMap((pod) => waitingInVain(pod, cluster)) : []),
  ]
}

/** A waiting pod really fits nowhere, and states the reasons. */
function waitingInVain(pod: Pod, cluster: ClusterState): string[] {
  const placement = place(pod, cluster, defaultPolicy)
  if (placement.nodeName !== undefined) {
    return [`${nameOf(pod)} is not placed, though ${placement.nodeName} suits`]
  }
  const { preemption } = placement
  if (preemption && 'nomination' in preemption) {
    const { nodeName, victims } = preemption.nomination
    const names = victims.map(({ name }) => name)
    return [`${nameOf(pod)} waits, though [${names}] could leave ${nodeName} for it`]
  }
  const reported = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message
  return reported && reasonSet(reported) === reasonSet(placement.message)
    ? []
    : [`${nameOf(pod)} does not say "${placement.message}"`]
}

/** A Deployment has as many ready pods as it wants, unless some of them fit nowhere. */
function unready({ object: deployment }: StoredObject<Deployment>, objects: Objects): string[] {
  const sets = objects
    .ownedBy(deployment.metadata.uid ?? '')
    .map(({ object }) => object as ReplicaSet)
  const pods = sets.flatMap(({ metadata }) =>
    objects.ownedBy(metadata.uid ?? '').map(({ object }) => object as Pod),
  )
  if (pods.some((pod) => !pod.spec.nodeName && !isOver(pod))) return []
  const wanted = deployment.spec.replicas ?? 1
  const { readyReplicas = 0, updatedReplicas = 0, observedGeneration } = deployment.status ?? {}
  const ready = pods.filter((pod) => isReady(pod) && !isOver(pod)).length
  const is = `wants ${wanted}, has ${ready} ready pods, says ${readyReplicas} ready, ${updatedReplicas} updated`
  const isSettled =
    ready === wanted &&
    readyReplicas === wanted &&
    updatedReplicas === wanted &&
    observedGeneration === deployment.metadata.generation
  return isSettled ? [] : [`${nameOf(deployment)} ${is}`]
}

/** The pods of an owner that have not ended. */
const podsOf = ({ metadata }: StoredObject['object'], objects: Objects): Pod[] =>
  objects
    .ownedBy(metadata.uid ?? '')
    .flatMap(({ object }) => (isOf(pods, object) && !isOver(object) ? [object] : []))

/** A StatefulSet has all its pods, of its present template, unless one of them fits nowhere. */
function incomplete({ object: set }: StoredObject<StatefulSet>, objects: Objects): string[] {
  const own = podsOf(set, objects)
  if (own.some(({ spec }) => !spec.nodeName)) return []
  const { replicas = 1 } = set.spec
  const {
    readyReplicas = 0,
    updatedReplicas = 0,
    currentRevision,
    updateRevision,
  } = set.status ?? {}
  const isSettled =
    [own.length, readyReplicas, updatedReplicas].every((count) => count === replicas) &&
    currentRevision === updateRevision
  const is = `wants ${replicas}, has ${own.length}, says ${JSON.stringify(set.status)}`
  return isSettled ? [] : [`${nameOf(set)} ${is}`]
}

/** A DaemonSet has a pod on every node where it wants one. */
function missing({ object: set }: StoredObject<DaemonSet>, objects: Objects): string[] {
  const own = podsOf(set, objects)
  if (own.some(({ spec }) => !spec.nodeName)) return []
  const {
    desiredNumberScheduled = 0,
    numberAvailable = 0,
    updatedNumberScheduled = 0,
  } = set.status ?? {}
  const isSettled =
    own.length === desiredNumberScheduled &&
    numberAvailable === desiredNumberScheduled &&
    updatedNumberScheduled === desiredNumberScheduled
  return isSettled ? [] : [`${nameOf(set)} has ${own.length}, says ${JSON.stringify(set.status)}`]
}

/** A Service routes to the ready pods that it selects, and to no other. */
function unrouted(service: Service, objects: Objects): string[] {
  const { name, namespace = '' } = service.metadata
  const { selector } = service.spec
  if (!selector) return []
  const wanted = objects
    .list(pods, namespace)
    .map(({ object }) => object)
    .filter((pod) => matchesLabels(labelSelectorOf({ matchLabels: selector }), pod.metadata.labels))
    .filter((pod) => isReady(pod) && !isOver(pod))
    .map((pod) => `${pod.metadata.uid} ${pod.status?.podIP}`)
  const led = objects
    .list(endpointSlices, namespace)
    .filter(({ object }) => object.metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap(({ object }) => object.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready === true)
    .map(({ targetRef, addresses }) => `${targetRef?.uid} ${addresses[0]}`)
  if (isDeepEqual(wanted.sort(), led.sort())) return []
  return [`${nameOf(service)} leads to [${led}], not to [${wanted}]`]
}

/** Whether pods of the Node, which may have another range by now, run in this range. */
const isRangeInUse = (value: string, stream: string, objects: Objects): boolean =>
  objects.podsOn(refOf(stream)?.name ?? '').some(({ object: { status } }) => {
    const { podIP } = status ?? {}
    return value.includes('/') && podIP !== undefined && isInCidr(podIP, value)
  })

/** Every reservation has its Service or Node, and each of these its reservations. */
function unbalanced(objects: Objects): string[] {
  const ofNodes = objects
    .list(nodes)
    .map(({ object }) => `${object.spec.podCIDR} of ${object.metadata.uid}`)
  const ofServices = objects.list(services).flatMap(({ object }) => {
    const addresses = (object.spec.clusterIPs ?? []).filter((each) => each !== 'None')
    const ports = (object.spec.ports ?? []).flatMap(({ nodePort }) => nodePort ?? [])
    return [...addresses, ...ports].map((value) => `${value} of ${object.metadata.uid}`)
  })
  const held = [...objects.reservations.held()].map(({ reservable, holder }) => ({
    name: `${reservable.value} of ${holder.uid}`,
    isInUse: isRangeInUse(reservable.value, holder.stream, objects),
  }))
  const wanted = [...ofServices, ...ofNodes]
  return [
    ...held
      .filter(({ name, isInUse }) => !isInUse && !wanted.includes(name))
      .map(({ name }) => `${name} is reserved in vain`),
    ...wanted
      .filter((each) => !held.some(({ name }) => name === each))
      .map((each) => `${each} is not reserved`),
  ]
}

/** Every claim on a quota was recorded, or given up. */
const claimedInVain = ({ quotaClaims }: Objects): string[] =>
  quotaClaims
    .namespaces()
    .flatMap((namespace) => quotaClaims.of(namespace).claims)
    .map(({ stream }) => `something is claimed for ${stream} in vain`)

/** Every view is up to date. */
const behind = ({ slots, history }: World): string[] =>
  slots.flatMap(({ program, shown }) => {
    const position = shown?.objects?.position
    if (shown?.objects === undefined || position === history.position) return []
    return [`the view of ${program.name} is at ${position}, not ${history.position}`]
  })

/** Each Node exists and is no longer reported as lost. */
function lost(name: string, objects: Objects): string[] {
  const node = objects.get(nodes, '', name)?.object
  if (node === undefined) return [`${name} is not there`]
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status
  const taints = (node.spec.taints ?? []).filter(({ key }) => keysOfLost.includes(key))
  const isTold = ready === 'True' && taints.length === 0
  return isTold ? [] : [`${name}: Ready is ${ready}, taints ${JSON.stringify(taints)}`]
}
const keysOfLost = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready']

/** A machine runs the containers of its pods, exactly those that are reported, and no others. */
async function misrun(machine: Machine, objects: Objects): Promise<string[]> {
  const bound = objects
    .list(pods)
    .map(({ object }) => object)
    .filter((pod) => pod.spec.nodeName === machine.node && !isOver(pod))
  const reported = bound.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).map(
      ({ containerID }) => `${metadata.name} ${containerID?.split('//')[1]}`,
    ),
  )
  const runs = (await machine.running())
    .filter(({ container }) => container !== 'POD')
    .map(({ pod, id }) => `${pod.name} ${id}`)
  if (isDeepEqual(reported.sort(), runs.sort())) return []
  return [`${machine.node} runs [${runs}], but [${reported}] is told`]
}
