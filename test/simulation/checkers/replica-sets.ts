import { controllerOf, type Pod, pods, type ReplicaSet } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a ReplicaSet has no pod too many'

/** However many replicators there are, a set makes each slot's pod once, and never more than it ever wanted at once. */
export function replicaSets({ history }: World): Checker {
  const most = new Map<string, number>()
  const made = new Map<string, { names: Set<string>; pods: Map<string, string> }>()
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (object?.kind === 'ReplicaSet') {
        const { uid = '' } = object.metadata
        const replicas = (object as ReplicaSet).spec.replicas ?? 1
        most.set(uid, Math.max(most.get(uid) ?? 0, replicas))
      }
      const owner = object && controllerOf(object)
      if (event.type !== 'PodCreated' || object === undefined) return
      if (owner?.kind !== 'ReplicaSet') return
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

const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? '')
