import { isFinished } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { isEvicted } from '../pods/is-evicted.ts'
import { isPassing } from '../runtime/runtime.ts'
import type { Look } from './look.ts'
import type { UsedBytes } from './rank.ts'
import { diskShortage } from './shortage.ts'
import type { Threshold } from './threshold.ts'

/** Whether the disk is short, after removing what nobody needs, as a kubelet does. */
export async function watchDisk(node: NodeContext, threshold: Threshold): Promise<Look> {
  const { runtime } = node.ports
  try {
    if (diskShortage(await runtime.disk(), threshold) === undefined) return undefined
    const isGivenBack = await removeEnded(node)
    await node.images.removeUnused()
    const space = await runtime.disk()
    const shortage = diskShortage(space, threshold)
    // The volumes of evicted pods are removed next: no other pod has to go meanwhile.
    return (
      shortage && { shortage, used: isGivenBack ? new Map() : await diskUsed(node, space?.device) }
    )
  } catch (error) {
    if (!isPassing(error)) throw error
    return 'Unknown'
  }
}

/**
 * Removes the containers of finished pods, with their logs; their status stays. Returns whether any belonged to an
 * evicted pod.
 */
async function removeEnded({ known, ports: { runtime } }: NodeContext): Promise<boolean> {
  const over = known.pods().filter(({ object }) => isFinished(object.status))
  const statuses = new Map(over.map(({ object }) => [object.metadata.uid, object.status]))
  let isAnyEvicted = false
  for (const { id, pod, state } of await runtime.list()) {
    if (state !== 'Exited' || !statuses.has(pod.uid)) continue
    await runtime.remove(id)
    isAnyEvicted ||= isEvicted(statuses.get(pod.uid))
  }
  return isAnyEvicted
}

/** What each pod has written: its containers, their logs, and its own volumes on the same device. */
async function diskUsed(
  { ports: { runtime, disk } }: NodeContext,
  device: number | undefined,
): Promise<UsedBytes> {
  const used = new Map<string, number>()
  const count = (podUid: string, bytes: number) => used.set(podUid, (used.get(podUid) ?? 0) + bytes)
  for (const { podUid, bytes } of await runtime.written()) count(podUid, bytes)
  for (const podUid of await disk.pods()) count(podUid, await disk.usedBytes(podUid, device))
  return used
}
