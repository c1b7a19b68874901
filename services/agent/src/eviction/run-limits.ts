import { objectKey, type Pod } from '@reckon/kubernetes'
import { identityOf } from '../containers/sandbox-spec.ts'
import type { NodeContext } from '../node/node-context.ts'
import { isCritical } from '../pods/is-critical.ts'
import type { PodLoops } from '../pods/pod-loops.ts'
import { isPassing } from '../runtime/runtime.ts'
import { excessOf, type LocalLimits, type LocalUse, localLimitsOf } from './local-limits.ts'
import { stayingPods } from './staying-pods.ts'

/** A kubelet's interval. */
const lookEveryMs = 10_000
/** Counting many files takes long: the disk is left alone for this multiple of the time that counting took. */
const restsPerLook = 10
const restMsMax = 600_000

/**
 * Evicts every pod that exceeds its own limits, however much is free. Only pods with limits are measured, one at a
 * time. Runs until the signal aborts.
 */
export async function runLimits(
  node: NodeContext,
  loops: PodLoops,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = node.ports
  let restMs = lookEveryMs
  while (!signal.aborted) {
    await clock.sleep(restMs, signal)
    const beganMs = clock.now()
    for (const pod of stayingPods(node.known)) {
      if (signal.aborted) return
      await holdToLimits(node, loops, pod)
    }
    const tookMs = clock.now() - beganMs
    restMs = Math.min(Math.max(lookEveryMs, restsPerLook * tookMs), restMsMax)
  }
}

async function holdToLimits(node: NodeContext, loops: PodLoops, pod: Pod): Promise<void> {
  const limits = localLimitsOf(pod)
  if (limits === undefined || isCritical(pod)) return
  const { uid } = identityOf(pod)
  const use = await localUse(node, uid, limits)
  const message = use && excessOf(limits, use)
  if (message === undefined) return
  node.ports.log.warn({ pod: objectKey(identityOf(pod)), reason: message }, 'a pod is evicted')
  loops.evict(uid, { rejection: { reason: 'Evicted', message }, isDisruption: false })
}

/** The usage of a pod; undefined while it cannot be measured. */
async function localUse(
  { ports: { runtime, disk } }: NodeContext,
  podUid: string,
  limits: LocalLimits,
): Promise<LocalUse | undefined> {
  try {
    const volumes = new Map<string, number>()
    for (const { name } of limits.volumes) volumes.set(name, await disk.volumeBytes(podUid, name))
    if (limits.total === undefined) return { volumes, containers: new Map(), totalBytes: 0 }
    const containers = new Map<string, number>()
    let totalBytes = await disk.usedBytes(podUid)
    for (const { container, bytes } of await runtime.written(podUid)) {
      // An attempt that has ended still occupies its space.
      containers.set(container, (containers.get(container) ?? 0) + bytes)
      totalBytes += bytes
    }
    return { volumes, containers, totalBytes }
  } catch (error) {
    if (!isPassing(error)) throw error
    return undefined
  }
}
