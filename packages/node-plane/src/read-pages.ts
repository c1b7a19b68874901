import type { Bus, MalformedMessages } from '@reckon/eventing/bus'
import { isRefusal } from '@reckon/kubernetes'
import type {
  NodeReadPage,
  NodeReadRequest,
  NodeSettings,
  NodeUpsert,
  NodeWireName,
} from './node-message.ts'
import { nodeRead } from './node-subjects.ts'
import { parseReadPage, understood } from './parse-node-message.ts'

/** Everything of one wire, as of one position. */
export type NodeState = {
  position: bigint
  cluster: string
  settings: NodeSettings
  heartbeatSeconds?: number
  objects: readonly NodeUpsert[]
}

/** The longest wait between two pages. */
const pageMsMax = 5_000

/**
 * Reads everything of one of a node's wires; undefined if no api answered, or pages are missing: an incomplete answer
 * must not make objects count as gone.
 */
export async function readPages(
  { bus, malformed }: { bus: Bus; malformed: MalformedMessages },
  node: string,
  wire: NodeWireName,
): Promise<NodeState | undefined> {
  const subject = nodeRead(node)
  const request = new TextEncoder().encode(JSON.stringify({ wire } satisfies NodeReadRequest))
  const answers = new Map<string, Map<number, NodeReadPage>>()
  try {
    for await (const { data } of bus.requestMany(subject, request, { timeoutMs: pageMsMax })) {
      const page = understood(malformed, { subject, data }, parseReadPage)
      if (page === undefined) continue
      const pages = answers.get(page.read) ?? new Map<number, NodeReadPage>()
      answers.set(page.read, pages.set(page.page, page))
      if (pages.size === page.pages) return stateOf(pages, page)
    }
  } catch (error) {
    if (!isRefusal(error, 'ServiceUnavailable') && !isRefusal(error, 'Timeout')) throw error
  }
  return undefined
}

function stateOf(
  pages: ReadonlyMap<number, NodeReadPage>,
  { position, cluster, settings, heartbeatSeconds }: NodeReadPage,
): NodeState | undefined {
  const inOrder = [...pages.values()].sort((a, b) => a.page - b.page)
  const isOne = inOrder.every((page) => page.position === position && page.cluster === cluster)
  if (!isOne) return undefined
  const objects = inOrder.flatMap(({ changes }) => changes)
  const often = heartbeatSeconds === undefined ? {} : { heartbeatSeconds }
  return { position: BigInt(position), cluster, settings, ...often, objects }
}
