import {
  controllerOf,
  isOf,
  type KubernetesObject,
  type Pod,
  pods,
  replicaSets as replicaSetResource,
  replicationControllers,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a ReplicaSet has no pod too many'
const kinds = ['ReplicaSet', 'ReplicationController']

/**
 * However many replicators there are, a ReplicaSet or ReplicationController makes each slot's pod once, and never more than
 * it ever wanted at once.
 */
export function replicaSets({ history }: World): Checker {
  const most = new Map<string, number>()
  const made = new Map<string, { names: Set<string>; pods: Map<string, string> }>()
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
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

/** How many pods a set wants; undefined of everything else. */
function replicasOf(object: KubernetesObject): number | undefined {
  if (isOf(replicaSetResource, object)) return object.spec.replicas ?? 1
  if (isOf(replicationControllers, object)) return object.spec?.replicas ?? 1
  return undefined
}

const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? '')
