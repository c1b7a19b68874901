import type { Node } from '@reckon/kubernetes'
import { podNetwork } from '@reckon/routing'
import { allowMachines } from './docker-forwarding.ts'
import { machineLinks, settlePodNetwork } from './settle-pod-network.ts'

export type MachinePodsOptions = {
  /** The nodes of this machine. */
  nodes: ReadonlySet<string>
  clusterCidr: string
  podBridge: string
  /** Called when the set of nodes whose pods cannot be reached from this machine changes. */
  onUnreached(nodes: readonly string[]): void
}

/** The routes from this machine to the pods of others, computed from the nodes and this machine's own links. */
export class MachinePods {
  #nodes: readonly Node[] = []
  /** The nodes for which everything is set up. */
  #settled: readonly Node[] | undefined
  #unreached = ''
  #last: Promise<void> = Promise.resolve()
  readonly #options: MachinePodsOptions

  constructor(options: MachinePodsOptions) {
    this.#options = options
  }

  apply(nodes: readonly Node[]): Promise<void> {
    this.#nodes = nodes
    return nodes === this.#settled ? this.#last : this.settle()
  }

  /** Sets them up again, as the machine's links may have changed, or a route may have been removed. */
  settle(): Promise<void> {
    const result = this.#last.then(() => this.#settle())
    this.#last = result.catch(() => {})
    return result
  }

  async #settle(): Promise<void> {
    const { podBridge, onUnreached, ...machine } = this.#options
    const nodes = this.#nodes
    this.#settled = undefined
    const links = await machineLinks(podBridge)
    const network = podNetwork(nodes, { ...machine, links })
    const unreached = network.unreached.join(', ')
    if (unreached !== this.#unreached) onUnreached(network.unreached)
    this.#unreached = unreached
    const neighbours = network.direct.map(({ via }) => via)
    await allowMachines(machine.clusterCidr, neighbours)
    await settlePodNetwork(network, podBridge)
    this.#settled = nodes
  }
}
