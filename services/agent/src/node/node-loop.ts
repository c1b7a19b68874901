import { Alarm, untilFullSecondMs } from '@reckon/eventing/bus'
import { isDeepEqual, isJsonObject, messageOf, type Node, nodes } from '@reckon/kubernetes'
import { nodeHeartbeat } from '@reckon/node-plane'
import { runTogether } from '@reckon/process'
import type { PodLoops } from '../pods/pod-loops.ts'
import { isPassing, type RuntimeFacts } from '../runtime/runtime.ts'
import { noAnswer, watchSilence } from './engine-silence.ts'
import type { NodeContext } from './node-context.ts'
import { isGivenUp, nodeObject } from './node-object.ts'

const engineRetryMs = 1_000
/** The delay before a report is repeated that is not recorded yet. */
const reportAgainMs = 10_000

/** Watches the engine and reports the Node: registers it, its conditions, and its heartbeats. */
export class NodeLoop {
  readonly #node: NodeContext
  readonly #bootId: string
  readonly #pods: PodLoops
  readonly #alarm: Alarm
  readonly #readAgain: () => Promise<void>
  #facts: RuntimeFacts | undefined
  #trouble: string | undefined
  #isSilent = false
  /** The machine's address as it was told last. */
  #address: string | undefined
  /** The address that was put on the machine for this node. */
  #heldAddress: string | undefined
  #isCatchingUp = false

  /** `readAgain` reads the node's own wire anew. */
  constructor(
    node: NodeContext,
    bootId: string,
    { pods, readAgain }: { pods: PodLoops; readAgain: () => Promise<void> },
  ) {
    this.#readAgain = readAgain
    this.#node = node
    this.#pods = pods
    this.#alarm = new Alarm(node.ports.clock)
    this.#bootId = bootId
    node.known.onEachChange(nodes, ({ before, after }) => {
      if (isGivenUp(after?.object) && !isGivenUp(before?.object)) void this.#catchUp()
      this.#alarm.ring()
    })
    node.known.onEachRead(() => this.#alarm.ring())
    pods.onEachEnd(() => this.#alarm.ring())
    for (const pressure of [node.memoryPressure, node.diskPressure]) {
      pressure.onEachChange(() => this.#alarm.ring())
    }
  }

  /** Calls back for each pod that changed, and with undefined for all when the engine is back. */
  async runEngine(
    onChange: (podUid: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await runTogether(signal, [
      (ended) => this.#followEngine(onChange, ended),
      (ended) => watchSilence(this.#node.ports, (isSilent) => this.#setSilent(isSilent), ended),
    ])
  }

  async #followEngine(
    onChange: (podUid: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { known, network, ports, configuration } = this.#node
    const { runtime, clock, log } = ports
    const { memoryBytes } = configuration
    await known.firstRead(signal)
    while (!signal.aborted) {
      try {
        this.#facts = { ...(await runtime.facts()), ...(memoryBytes && { memoryBytes }) }
        await runtime.prepare(network.settings.clusterCidr)
        this.#heldAddress = undefined
        this.#setTrouble(undefined)
        for await (const podUid of runtime.watch(signal)) onChange(podUid)
      } catch (error) {
        if (!isPassing(error)) throw error
        if (signal.aborted) return
        const message = messageOf(error)
        if (this.#trouble === undefined)
          log.warn({ reason: message }, 'the container engine is away')
        this.#setTrouble(message)
        await clock.sleep(engineRetryMs, signal)
      }
    }
  }

  /** Reports the Node whenever it differs from what is recorded. */
  async runReports(signal: AbortSignal): Promise<void> {
    const { reporter, ports, configuration } = this.#node
    const { clock } = ports
    const { nodeName } = configuration
    let last: { node: Node; atMs: number } | undefined
    while (!signal.aborted) {
      const rings = this.#alarm.rings
      let untilMs: number | undefined
      if (!(await this.#holdAddress())) untilMs = clock.now() + reportAgainMs
      const node = this.#present()
      const recorded = this.#node.known.node(nodeName)
      if (node !== undefined && !(reporter.isRegistered && isRecorded(node, recorded))) {
        const againAtMs = last && isDeepEqual(last.node, node) ? last.atMs + reportAgainMs : 0
        if (againAtMs <= clock.now()) {
          last = { node, atMs: clock.now() }
          await reporter.node(node, isGivenUp(recorded) && !isGivenUp(node))
          untilMs = clock.now() + reportAgainMs
        } else untilMs = againAtMs
      }
      await this.#alarm.wait(rings, { untilMs, signal })
    }
  }

  /** Sends a heartbeat as often as the cluster wants it, and checks the machine's address. */
  async runHeartbeat(signal: AbortSignal): Promise<void> {
    const { bus, clock } = this.#node.ports
    const data = new TextEncoder().encode(JSON.stringify({ bootId: this.#bootId }))
    while (!signal.aborted) {
      bus.publish(nodeHeartbeat(this.#node.configuration.nodeName), data)
      this.#findAddress()
      const everySeconds = this.#node.known.heartbeatSeconds
      await clock.sleep(untilFullSecondMs(clock.now(), everySeconds), signal)
    }
  }

  /** Has the machine's address told where it is another one than was told last. */
  #findAddress(): void {
    if (this.#address !== undefined && this.#address !== this.#node.network.nodeIP)
      this.#alarm.ring()
  }

  /** The machine's address; where it is another one than before, the pods' statuses are told anew, too. */
  #toldAddress(): string {
    const { nodeIP } = this.#node.network
    if (this.#address !== undefined && this.#address !== nodeIP) this.#pods.look(undefined)
    this.#address = nodeIP
    return nodeIP
  }

  /** The Node as it is; undefined until the cluster is known, and whether the engine is there. */
  #present(): Node | undefined {
    const recorded = this.#node.known.node(this.#node.configuration.nodeName)
    const trouble = this.#trouble ?? (this.#isSilent ? noAnswer : undefined)
    const isHeard = this.#facts !== undefined || (recorded !== undefined && trouble !== undefined)
    if (!isHeard || !this.#node.known.isRead) return undefined
    return nodeObject({
      configuration: this.#node.configuration,
      nodeIP: this.#toldAddress(),
      facts: this.#facts,
      trouble: trouble && `container runtime is down: ${trouble}`,
      isShortOfMemory: this.#node.memoryPressure.isOn,
      isShortOfDisk: this.#node.diskPressure.isOn,
      isTidy: this.#pods.isTidy && !this.#isCatchingUp,
      recorded,
      nowMs: this.#node.ports.clock.now(),
      publicKey: this.#node.ports.nodeKey?.publicKey,
    })
  }

  /** After the node was given up while it was blocked, catches up first with what was taken from it since. */
  async #catchUp(): Promise<void> {
    this.#isCatchingUp = true
    await this.#readAgain()
    this.#isCatchingUp = false
    this.#alarm.ring()
  }

  /** Puts the node's own address on the machine before reporting it; false where that must be retried. */
  async #holdAddress(): Promise<boolean> {
    const { network, ports } = this.#node
    if (this.#facts === undefined || this.#trouble !== undefined) return true
    const { ownAddress } = network
    if (ownAddress === undefined || ownAddress === this.#heldAddress) return true
    try {
      await ports.runtime.holdAddress(ownAddress)
    } catch (error) {
      if (!isPassing(error)) throw error
      ports.log.warn({ address: ownAddress, reason: messageOf(error) }, 'the node has no address')
      return false
    }
    this.#heldAddress = ownAddress
    return true
  }

  #setSilent(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return
    this.#isSilent = isSilent
    if (isSilent) this.#node.ports.log.warn({ reason: noAnswer }, 'the container engine is silent')
    this.#alarm.ring()
  }

  #setTrouble(trouble: string | undefined): void {
    this.#trouble = trouble
    this.#alarm.ring()
  }
}

/** Whether everything that the node reports is recorded; additions of others do not matter. */
function isRecorded(node: Node, recorded: Node | undefined): boolean {
  if (recorded === undefined) return false
  const { status } = recorded
  const has = (part: 'labels' | 'annotations') =>
    Object.entries(node.metadata[part] ?? {}).every(
      ([key, value]) => recorded.metadata[part]?.[key] === value,
    )
  return (
    has('labels') &&
    has('annotations') &&
    Object.entries(node.status ?? {}).every(([field, value]) =>
      isDeepEqual(value, isJsonObject(status) ? status[field] : undefined),
    )
  )
}
