import { objectKey } from '@reckon/kubernetes'
import { type Loop, runTogether } from '@reckon/process'
import { identityOf } from '../containers/sandbox-spec.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { PodLoops } from '../pods/pod-loops.ts'
import { watchDisk } from './disk-watch.ts'
import { evictionOf } from './eviction-message.ts'
import type { Look, Scarcity } from './look.ts'
import { watchMemory } from './memory-watch.ts'
import type { Pressure } from './pressure.ts'
import { firstToEvict } from './rank.ts'
import { runLimits } from './run-limits.ts'
import { stayingPods } from './staying-pods.ts'

/** A kubelet's interval. */
const lookEveryMs = 10_000

/**
 * Checks whether the node is short of memory or disk, which its conditions then report, and evicts pods one by one
 * while it is: each check shows the effect of the previous eviction. Also enforces pods' own limits. Runs until the
 * signal aborts.
 */
export async function runEviction(
  node: NodeContext,
  loops: PodLoops,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = node.ports
  const { memory, disk } = node.configuration.evictionThresholds ?? {}
  const { memoryPressure, diskPressure } = node
  let evictedAtMs = Number.NEGATIVE_INFINITY
  // Independent loops: measuring a full disk may take minutes, for which memory cannot wait.
  const keep =
    (pressure: Pressure, look: () => Promise<Look>): Loop =>
    async (ended) => {
      while (!ended.aborted) {
        await clock.sleep(lookEveryMs, ended)
        const seen: Look = ended.aborted ? 'Unknown' : await look()
        if (seen === 'Unknown') continue
        pressure.see(seen !== undefined, clock.now())
        // An eviction for one resource may help the other.
        if (seen === undefined || clock.now() - evictedAtMs < lookEveryMs) continue
        if (evictFirst(node, loops, seen)) evictedAtMs = clock.now()
      }
    }
  const watches = [
    ...(memory ? [keep(memoryPressure, () => watchMemory(node, memory))] : []),
    ...(disk ? [keep(diskPressure, () => watchDisk(node, disk))] : []),
  ]
  await runTogether(signal, [...watches, (ended) => runLimits(node, loops, ended)])
}

/** Returns whether a pod is evicted. */
function evictFirst(
  { ports: { log }, known }: NodeContext,
  loops: PodLoops,
  { shortage, used }: Scarcity,
): boolean {
  const first = firstToEvict(stayingPods(known), used, shortage.of)
  if (first === undefined) return false
  const rejection = evictionOf(shortage, first)
  const pod = identityOf(first.pod)
  log.warn({ pod: objectKey(pod), reason: rejection.message }, 'a pod is evicted')
  loops.evict(pod.uid, { rejection, isDisruption: true })
  return true
}
