import { isFinished, isTerminating, objectKey } from '@reckon/kubernetes'
import { identityOf } from '../containers/sandbox-spec.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { PodLoops } from '../pods/pod-loops.ts'
import { readUsage } from '../usage/read-usage.ts'
import { evictionOf } from './eviction-words.ts'
import { firstToEvict } from './rank.ts'
import { shortageOf } from './shortage.ts'

/** As often as a kubelet looks. */
const lookEveryMs = 10_000

/**
 * Looks whether the node runs out of memory, which its condition then tells, and evicts one pod after the other as long as it
 * does: each look shows what the one before has brought. Until the signal aborts.
 */
export async function runEviction(
  node: NodeContext,
  loops: PodLoops,
  signal: AbortSignal,
): Promise<void> {
  const { ports, known, configuration, memoryPressure } = node
  const { clock, runtime, log } = ports
  const { nodeName, evictionThreshold: threshold, memoryBytes: ownBytes } = configuration
  if (threshold === undefined) return
  while (!signal.aborted) {
    await clock.sleep(lookEveryMs, signal)
    const usage = signal.aborted ? undefined : await readUsage(runtime)
    if (usage === undefined) continue
    const shortage = shortageOf({ usage, node: known.node(nodeName), ownBytes }, threshold)
    memoryPressure.see(shortage !== undefined, clock.now())
    // Who leaves anyway gives back soon what it has.
    const pods = known.pods().map(({ object }) => object)
    const staying = pods.filter((pod) => !isTerminating(pod) && !isFinished(pod.status))
    const first = shortage && firstToEvict(staying, usage)
    if (shortage === undefined || first === undefined) continue
    const eviction = evictionOf(shortage, first)
    const pod = identityOf(first.pod)
    log.warn({ pod: objectKey(pod), reason: eviction.message }, 'a pod is evicted')
    loops.evict(pod.uid, eviction)
  }
}
