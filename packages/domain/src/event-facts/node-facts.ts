import type { Node } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import type { Fact } from './fact.ts'

/** What upstream tells of a node, by the type of the event that it follows from, and who tells it. */
const reasons: Readonly<Record<string, readonly [component: string, reason: string]>> = {
  NodeCreated: ['node-controller', 'RegisteredNode'],
  NodeBecameReady: ['kubelet', 'NodeReady'],
  NodeBecameUnready: ['kubelet', 'NodeNotReady'],
  NodeBecameUnreachable: ['node-controller', 'NodeNotReady'],
  NodeCordoned: ['kubelet', 'NodeNotSchedulable'],
  NodeUncordoned: ['kubelet', 'NodeSchedulable'],
  NodeDeleted: ['node-controller', 'RemovingNode'],
}

const messages: Readonly<Record<string, (name: string) => string>> = {
  RegisteredNode: (name) => `Node ${name} event: Registered Node ${name} in Controller`,
  RemovingNode: (name) => `Node ${name} event: Removing Node ${name} from Controller`,
}

/** What an event of a node tells; one that has no words here tells nothing. Pure. */
export function nodeFacts(eventType: string, node: Node): readonly Fact[] {
  const [component, reason] = reasons[eventType] ?? []
  if (component === undefined || reason === undefined) return []
  const { name } = node.metadata
  const message = messages[reason]?.(name) ?? `Node ${name} status is now: ${reason}`
  const source = { component, ...(component === 'kubelet' && { host: name }) }
  return [{ involvedObject: involved(node), type: 'Normal', reason, message, source }]
}
