import { changedIn, type Nomination } from '@reckon/domain'
import { isOf, type Pod, pods } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a pod makes way only for one that is worth more, and that has its node kept for it'
/**
 * More often no pod has a node kept for it in a term: it would drive others away in a circle. Who begins a term does
 * not know whom the last one meant to drive away yet, and decides anew.
 */
const nominationsMax = 15

/** Who leaves a node for another pod has a lower priority, and that other pod's decision names him. */
export function preemptions({ history }: World): Checker {
  /** Who has to go where, by the pod for which. */
  const victims = new Map<string, Set<string>>()
  const nominations = new Map<string, number>()
  const key = (uid: string, nodeName: string) => `${uid} on ${nodeName}`

  const follow = (pod: Pod, { term, nomination }: Nominating) => {
    const { uid: preemptor = '', name } = pod.metadata
    const { nodeName, victims: uids } = nomination
    const inTerm = `${preemptor} in ${term}`
    const times = (nominations.get(inTerm) ?? 0) + 1
    nominations.set(inTerm, times)
    if (times > nominationsMax) throw new Violation(rule, `${name} has had ${times} nodes kept`)
    const named = victims.get(preemptor) ?? new Set()
    victims.set(preemptor, named)
    for (const { uid, ...at } of uids) {
      named.add(key(uid, nodeName))
      const victim = history.objects.get(pods, at.namespace, at.name)?.object
      // One that is gone already has nothing to lose.
      if (victim?.metadata.uid !== uid || priorityOf(victim) < priorityOf(pod)) continue
      throw new Violation(rule, `${at.name} goes for ${name}, with no lower priority`)
    }
  }

  return {
    onRecorded({ event, change }) {
      const pod = change?.stored.object
      if (!pod || !isOf(pods, pod) || change.type === 'ADDED') return
      const { decision, preemptor } = changedIn(event)
      if (decision?.nomination) {
        const { term, nomination } = decision
        follow(pod, { term, nomination })
      }
      if (preemptor === undefined) return
      const { uid = '', name } = pod.metadata
      const isNamed = victims.get(preemptor.uid)?.has(key(uid, pod.spec.nodeName ?? ''))
      if (isNamed && preemptor.nodeName === pod.spec.nodeName) return
      throw new Violation(rule, `${name} on ${pod.spec.nodeName} goes for ${preemptor.uid}`)
    },
  }
}

type Nominating = { term: number; nomination: Nomination }

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
