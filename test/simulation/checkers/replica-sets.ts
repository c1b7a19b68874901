import {
  controllerOf,
  isOf,
  type KubernetesObject,
  type Pod,
  pods,
  replicaSets as replicaSetResource,
  replicationControllers,
} from '@reckon/kubernetes'
import { PodsEverCreated } from '@reckon/replicator/run'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a ReplicaSet has no pod too many'
const kinds = ['ReplicaSet', 'ReplicationController']
/** More slots than a set here wants, plus those that may be skipped because somebody else had their names. */
const lowest = 50

/**
 * However many replicators there are, a ReplicaSet or ReplicationController creates each slot's pod once, and never
 * more pods than it ever wanted at once. Pods take the names of the lowest free slots, so that replicators that create
 * the same ones choose the same names.
 */
export function replicaSets({ history }: World): Checker {
  const most = new Map<string, number>()
  const made = new Map<string, { names: Set<string>; pods: Map<string, string> }>()
  const slots = new PodsEverCreated()
  const freeOf = (uid: string) => new Set(slots.freeSlots(uid, '').take(lowest))
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      const uidOfOwner = (object && controllerOf(object)?.uid) ?? ''
      const freeBefore = event.type === 'PodCreated' ? freeOf(uidOfOwner) : new Set<number>()
      slots.apply(event)
      const replicas = object && replicasOf(object)
      if (object !== undefined && replicas !== undefined) {
        const { uid = '' } = object.metadata
        most.set(uid, Math.max(most.get(uid) ?? 0, replicas))
      }
      const owner = object && controllerOf(object)
      if (event.type !== 'PodCreated' || object === undefined) return
      if (owner === undefined || !kinds.includes(owner.kind)) return
      const { namespace = '', name, uid = '' } = object.metadata
      const own = made.get(owner.uid) ?? { names: new Set(), pods: new Map() }
      made.set(owner.uid, own)
      if (own.names.has(name)) throw new Violation(rule, `${name} is made again`)
      own.names.add(name)
      // Nothing is known any more of an owner that is gone.
      const isKnown = isOf(pods, object) && slots.wasCreated(object)
      if (isKnown && freeBefore.isSubsetOf(freeOf(owner.uid))) {
        throw new Violation(rule, `${name} is the name of no slot that was next`)
      }
      own.pods.set(uid, name)
      const active = [...own.pods].filter(([podUid, podName]) => {
        const pod = history.objects.get(pods, namespace, podName)?.object
        return pod !== undefined && pod.metadata.uid === podUid && isActive(pod)
      })
      const wanted = most.get(owner.uid) ?? 0
      if (active.length <= wanted) return
      throw new Violation(
        rule,
        `${owner.name} has ${active.length}, and never wanted over ${wanted}`,
      )
    },
  }
}

/** The number of pods that a set wants; undefined for other objects. */
function replicasOf(object: KubernetesObject): number | undefined {
  if (isOf(replicaSetResource, object)) return object.spec.replicas ?? 1
  if (isOf(replicationControllers, object)) return object.spec?.replicas ?? 1
  return undefined
}

const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? '')
