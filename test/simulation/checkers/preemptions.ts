import { changedIn, type Nomination } from '@reckon/domain'
import { isOf, type Pod, pods } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a pod makes way only for one that is worth more, and that has its node kept for it'
/**
 * The limit of nominations of one pod in a term: more would mean that it drives others away in a circle. A new term
 * does not know yet whom the last one meant to drive away, and decides anew.
 */
const nominationsMax = 15

/** A pod that is preempted has a lower priority than the one it leaves for, and that pod's decision names it. */
export function preemptions({ history }: World): Checker {
  /** The victims on each node, by the pod that they make room for. */
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
      // A pod that is gone already has nothing to lose.
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
