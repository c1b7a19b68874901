import { nodeAccesses } from '@reckon/domain'
import { forbidden, nodes } from '@reckon/kubernetes'
import { reachHead } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

type Ports = Pick<ApiPorts, 'objects' | 'reader' | 'ownNodes' | 'clock'>

/**
 * Refuses to create a Node again that has left or was deleted: its agent may still run for a moment. Nodes of the
 * cluster's own machine may always register.
 */
export async function checkRegistration(ports: Ports, node: string): Promise<void> {
  if (mayBe(ports, node)) return
  await reachHead(ports)
  if (mayBe(ports, node)) return
  throw forbidden(
    nodes,
    node,
    'the node has left the cluster: "reckon join" with a new token lets it in again',
  )
}

function mayBe({ objects, ownNodes, clock }: Ports, node: string): boolean {
  if (ownNodes === undefined || ownNodes.has(node) || objects.get(nodes, '', node)) return true
  return nodeAccesses(objects, clock.now()).some((access) => access.node === node)
}
