import type { Decision } from '@reckon/domain'
import type { TermBegan } from '@reckon/eventing'
import { amountsOf, nodes, type Pod, podRequests, pods } from '@reckon/kubernetes'
import { occupiesNode } from '@reckon/scheduling'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** When a pod was bound, and in which scheduler's term. */
type Bound = { term: number; position: bigint }

/** One scheduler alone never promises a node twice: it counts what it found and what it has placed itself. */
export function promises({ history }: World): Checker {
  const terms = new Map<number, bigint>()
  const bound = new Map<string, Bound>()
  return {
    onRecorded({ event: { type, stream, data, position }, change }) {
      if (stream === 'terms-scheduler') terms.set((data as TermBegan).term, position)
      const pod = change?.stored.object as Pod | undefined
      const { decision } = (data ?? {}) as { decision?: Decision }
      if (type !== 'PodScheduled' || pod === undefined || decision === undefined) return
      const { term } = decision
      bound.set(pod.metadata.uid ?? '', { term, position })
      // It fits anywhere, also where terms that overlapped have promised too much.
      if (!podRequests(pod).cpu) return
      const counts = (uid = ''): boolean => {
        const other = bound.get(uid)
        return other?.term === term || (other?.position ?? position) < (terms.get(term) ?? 0n)
      }
      const { nodeName = '' } = pod.spec
      const node = history.objects.get(nodes, '', nodeName)?.object
      // One that was deleted meanwhile has nothing to promise.
      if (node === undefined) return
      const promised = history.objects
        .list(pods)
        .map(({ object }) => object)
        .filter((each) => each.spec.nodeName === nodeName && occupiesNode(each))
        .filter((each) => counts(each.metadata.uid))
        .reduce((sum, each) => sum + (podRequests(each).cpu ?? 0), 0)
      const has = amountsOf(node.status?.allocatable).cpu ?? 0
      if (promised <= has) return
      const what = `term ${term} promises ${promised}m of the ${has}m of ${nodeName}`
      throw new Violation('a scheduler promises a node once', what)
    },
  }
}
