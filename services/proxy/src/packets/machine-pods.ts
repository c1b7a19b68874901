import type { Node } from '@reckon/kubernetes'
import { podNetwork } from '@reckon/routing'
import { allowMachines } from './docker-forwarding.ts'
import { machineLinks, settlePodNetwork } from './settle-pod-network.ts'

export type MachinePodsOptions = {
  /** The nodes of this machine. */
  nodes: ReadonlySet<string>
  clusterCidr: string
  podBridge: string
  /** Is told to which nodes' pods no way leads from this machine, whenever these are others. */
  onUnreached(nodes: readonly string[]): void
}

/** The ways from this machine to the pods of others, as the nodes and this machine's own links are. */
export class MachinePods {
  #nodes: readonly Node[] = []
  /** Those that all is settled for. */
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

  /** Again, as the machine's links may have changed, or somebody has taken something away. */
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
