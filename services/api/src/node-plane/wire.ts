import type { NodeKnowledge, NodeWireMessage } from '@reckon/domain'
import { oversizedHeader, positionHeader, previousHeader } from '@reckon/eventing'
import { type NodeHead, type NodeMessage, nodeEvents, nodeHead } from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

const headEveryMs = 1_000

/** Publishes what each change means for each node, and every second the head of each wire, until the signal aborts. */
export async function publishNodeWires(
  ports: ApiPorts,
  knowledge: NodeKnowledge,
  signal: AbortSignal,
): Promise<void> {
  const { bus, clock, objects } = ports
  const end = objects.subscribe((change) => {
    for (const message of knowledge.apply(change)) publish(ports, message)
  })
  while (!signal.aborted) {
    for (const node of knowledge.nodes()) {
      const head: NodeHead = { position: String(knowledge.last(node)) }
      bus.publish(nodeHead(node), new TextEncoder().encode(JSON.stringify(head)))
    }
    await clock.sleep(headEveryMs, signal)
  }
  end()
}

/** What exceeds the wire goes as its position only: the node reads again. */
function publish({ bus }: ApiPorts, { node, position, previous, changes }: NodeWireMessage): void {
  const headers = { [positionHeader]: String(position), [previousHeader]: String(previous) }
  const message: NodeMessage = { changes }
  const data = new TextEncoder().encode(JSON.stringify(message))
  if (data.length <= bus.payloadBytesMax) bus.publish(nodeEvents(node), data, headers)
  else bus.publish(nodeEvents(node), new Uint8Array(), { ...headers, [oversizedHeader]: 'true' })
}
