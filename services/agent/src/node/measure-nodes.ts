import { gaugeIn, type Metrics } from '@reckon/process'

/** Measures the nodes of this process under a kubelet's names, and whether each receives its wire. */
export function measureNodes(
  metrics: Metrics,
  nodes: readonly { name: string; bus: { readonly connected: boolean } }[],
): void {
  gaugeIn(metrics, {
    name: 'kubelet_node_name',
    help: 'The nodes that this process runs',
    labelNames: ['node'],
    collect() {
      for (const { name } of nodes) this.set({ node: name }, 1)
    },
  })
  gaugeIn(metrics, {
    name: 'reckon_node_wire_connected',
    help: 'Whether NATS is there for the node',
    labelNames: ['node'],
    collect() {
      for (const { name, bus } of nodes) this.set({ node: name }, bus.connected ? 1 : 0)
    },
  })
}
