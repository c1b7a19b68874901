import { conditionOf, type Node } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import type { Fact } from './fact.ts'

/** Upstream's Event about a node for each type of log event, and who emits it. */
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

/** A kubelet's Events when one of these conditions begins and ends. */
const pressures = {
  MemoryPressure: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  DiskPressure: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  PIDPressure: ['NodeHasInsufficientPID', 'NodeHasSufficientPID'],
} as const

/** Events for a change of a node, by the type of the log event and the state before. Pure. */
export function nodeFacts(
  eventType: string,
  node: Node,
  before: Node | undefined,
): readonly Fact[] {
  const known = reasons[eventType]
  const told = known ? [factOf(node, ...known)] : []
  return [...told, ...pressureReasons(node, before).map((each) => factOf(node, 'kubelet', each))]
}

/** A condition that is unknown causes no Event. */
function pressureReasons(node: Node, before: Node | undefined): readonly string[] {
  if (before === undefined) return []
  return Object.entries(pressures).flatMap(([type, [come, over]]) => {
    const [is, was] = [node, before].map(({ status }) => conditionOf(status, type)?.status)
    if (is === was) return []
    if (is === 'True') return [come]
    return is === 'False' && was === 'True' ? [over] : []
  })
}

function factOf(node: Node, component: string, reason: string): Fact {
  const { name } = node.metadata
  const message = messages[reason]?.(name) ?? `Node ${name} status is now: ${reason}`
  const source = { component, ...(component === 'kubelet' && { host: name }) }
  return { involvedObject: involved(node), type: 'Normal', reason, message, source }
}
