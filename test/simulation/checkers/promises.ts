import type { Decision } from '@reckon/domain'
import type { TermBegan } from '@reckon/eventing'
import { amountsOf, nodes, type Pod, podRequests, pods } from '@reckon/kubernetes'
import { occupiesNode } from '@reckon/scheduling'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** When a pod was bound, and in which scheduler's term. */
type Bound = { term: number; position: bigint }
/** The decision that nominated a node for a pod. */
type Kept = { term: number; number: number; nodeName: string }

/**
 * A single scheduler never promises a node twice: it counts what it found, what it placed itself, and what it keeps for
 * pods of no lower priority.
 */
export function promises({ history }: World): Checker {
  const terms = new Map<number, bigint>()
  const bound = new Map<string, Bound>()
  const kept = new Map<string, Kept>()
  const recorded = new Set<string>()
  return {
    onRecorded({ event: { type, stream, data, position }, change }) {
      if (stream === 'terms-scheduler') terms.set((data as TermBegan).term, position)
      const pod = change?.stored.object as Pod | undefined
      const { decision } = (data ?? {}) as { decision?: Decision }
      if (pod === undefined || decision === undefined) return
      const { term, number, nomination, assumed } = decision
      recorded.add(`${term} ${number}`)
      if (nomination)
        kept.set(pod.metadata.uid ?? '', { term, number, nodeName: nomination.nodeName })
      if (type !== 'PodScheduled') return
      bound.set(pod.metadata.uid ?? '', { term, position })
      // It fits anywhere, also where overlapping terms have promised too much.
      if (!podRequests(pod).cpu) return
      const counts = (uid = ''): boolean => {
        const other = bound.get(uid)
        return other?.term === term || (other?.position ?? position) < (terms.get(term) ?? 0n)
      }
      const { nodeName = '' } = pod.spec
      const node = history.objects.get(nodes, '', nodeName)?.object
      // A pod that was deleted meanwhile needs no room.
      if (node === undefined) return
      // A decision in flight may have placed the nominated pod elsewhere.
      const isAllRecorded = assumed.every((each) => recorded.has(`${term} ${each}`))
      const isKeptFor = ({ metadata, spec, status }: Pod): boolean => {
        const before = kept.get(metadata.uid ?? '')
        const isNominated = before?.nodeName === nodeName && status?.nominatedNodeName === nodeName
        // A pod that is being deleted needs none either.
        const isKept = isNominated && metadata.deletionTimestamp === undefined
        const isOwn = before?.term === term && before.number < number
        return isAllRecorded && isKept && isOwn && (spec.priority ?? 0) >= (pod.spec.priority ?? 0)
      }
      const promised = history.objects
        .list(pods)
        .map(({ object }) => object)
        .filter((each) => each.spec.nodeName === nodeName && occupiesNode(each))
        .filter((each) => counts(each.metadata.uid))
        .concat(
          history.objects.list(pods).flatMap(({ object }) => (isKeptFor(object) ? object : [])),
        )
        .reduce((sum, each) => sum + (podRequests(each).cpu ?? 0), 0)
      const has = amountsOf(node.status?.allocatable).cpu ?? 0
      if (promised <= has) return
      const what = `term ${term} promises ${promised}m of the ${has}m of ${nodeName}`
      throw new Violation('a scheduler promises a node once', what)
    },
  }
}
