import { causeOf, type ObjectChange } from '@reckon/domain'
import { GatheredFrames, untilFullSecondMs } from '@reckon/eventing'
import {
  encodeNodeHead,
  encodeNodeMessage,
  type NodeKnowledge,
  nodeHead,
  sharedHead,
  type ViewChange,
} from '@reckon/node-plane'
import type { NodePlanePorts } from '../ports.ts'

/** The head of a quiet node's wire is published in every tenth turn. */
const quietTurns = 10

/**
 * Publishes each change of the view on the wires of the nodes that may know it, and the head of each wire, until the
 * signal aborts. Does nothing while another api is the active relay.
 */
export async function publishNodeWires(
  { bus, clock, objects, relay }: NodePlanePorts,
  knowledge: NodeKnowledge,
  signal: AbortSignal,
): Promise<void> {
  const frames = new GatheredFrames({ bus, clock })
  const end = objects.subscribe((change) => {
    for (const message of knowledge.apply(viewChange(change))) {
      if (!relay.isActive) continue
      const { subject, entry } = encodeNodeMessage(message)
      frames.add(subject, entry)
    }
  })
  const heads = new Heads(knowledge)
  while (!signal.aborted) {
    if (relay.isActive) {
      // A head must not name more than was published.
      frames.flush()
      bus.publish(sharedHead, encodeNodeHead(knowledge.lastShared))
      for (const { node, position } of heads.due()) {
        bus.publish(nodeHead(node), encodeNodeHead(position))
      }
    }
    await clock.sleep(untilFullSecondMs(clock.now()), signal)
  }
  end()
}

/** Converts a change of the view to the form that node knowledge takes. */
export const viewChange = (change: ObjectChange): ViewChange => ({
  ...change,
  position: change.event.position,
  cause: causeOf(change.event),
})

/** Which nodes get the head of their own wire: soon after something was published on it, and from time to time. */
class Heads {
  readonly #knowledge: NodeKnowledge
  #published = new Map<string, bigint>()
  #turn = 0

  constructor(knowledge: NodeKnowledge) {
    this.#knowledge = knowledge
  }

  /** The nodes of this turn; quiet ones are spread over the turns. */
  due(): readonly { node: string; position: bigint }[] {
    this.#turn++
    const before = this.#published
    this.#published = new Map()
    const due = []
    for (const [index, node] of this.#knowledge.nodes().entries()) {
      const position = this.#knowledge.last(node)
      this.#published.set(node, position)
      const isQuiet = before.get(node) === position
      if (!isQuiet || (index + this.#turn) % quietTurns === 0) due.push({ node, position })
    }
    return due
  }
}
