/** What an agent is told when it starts. */
export type AgentConfiguration = {
  nodeName: string
  clusterId: string
  /** The address under which the machine is reached, where it has one. */
  nodeIP?: string
  /** Another node has the machine's address: this one is reached under the first of its own pods' range. */
  sharesMachine?: boolean
  /** The machine's own ids: of itself, and of the time since it was last started. */
  machineId: string
  machineBootId: string
  /** The machine's pages of each huge size, in bytes: `hugepages-2Mi`. */
  hugePages?: Readonly<Record<string, number>>
  pauseImage: string
  /** Ends this node's containers when the agent is told to stop; the next start starts them again. */
  stopPodsOnExit: boolean
}
