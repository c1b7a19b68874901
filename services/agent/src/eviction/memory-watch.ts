import type { NodeContext } from '../node/node-context.ts'
import { readUsage } from '../usage/read-usage.ts'
import type { Look } from './look.ts'
import { memoryUsed } from './rank.ts'
import { memoryShortage } from './shortage.ts'
import type { Threshold } from './threshold.ts'

/** Whether memory is short. */
export async function watchMemory(node: NodeContext, threshold: Threshold): Promise<Look> {
  const { ports, known, configuration } = node
  const { nodeName, memoryBytes: ownBytes } = configuration
  const usage = await readUsage(ports.runtime)
  if (usage === undefined) return 'Unknown'
  const shortage = memoryShortage({ usage, node: known.node(nodeName), ownBytes }, threshold)
  return shortage && { shortage, used: memoryUsed(usage) }
}
