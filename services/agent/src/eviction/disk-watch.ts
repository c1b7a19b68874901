import { isFinished } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { isPassing } from '../runtime/runtime.ts'
import type { Look } from './look.ts'
import type { UsedBytes } from './rank.ts'
import { diskShortage } from './shortage.ts'
import type { Threshold } from './threshold.ts'

/** Whether the disk is full, after what nobody needs was removed from it, as a kubelet does. */
export async function watchDisk(node: NodeContext, threshold: Threshold): Promise<Look> {
  const { runtime } = node.ports
  try {
    if (diskShortage(await runtime.disk(), threshold) === undefined) return undefined
    await removeEnded(node)
    await node.images.removeUnused()
    const shortage = diskShortage(await runtime.disk(), threshold)
    return shortage && { shortage, used: await diskUsed(node) }
  } catch (error) {
    if (!isPassing(error)) throw error
    return 'Unknown'
  }
}

/** The containers of pods that are over; what was told of them stays, and their logs go. */
async function removeEnded({ known, ports: { runtime } }: NodeContext): Promise<void> {
  const over = known.pods().filter(({ object }) => isFinished(object.status))
  const uids = new Set(over.map(({ object }) => object.metadata.uid))
  for (const { id, pod, state } of await runtime.list()) {
    if (state === 'Exited' && uids.has(pod.uid)) await runtime.remove(id)
  }
}

/** What pods have written into their containers, their logs and the volumes that go with them. */
async function diskUsed({ ports: { runtime, disk } }: NodeContext): Promise<UsedBytes> {
  const used = new Map(await runtime.written())
  for (const podUid of await disk.pods()) {
    used.set(podUid, (used.get(podUid) ?? 0) + (await disk.usedBytes(podUid)))
  }
  return used
}
