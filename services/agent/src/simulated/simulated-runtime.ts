import type { Clock, Ids } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { type Connection, NoAnswer } from '../runtime/dialer.ts'
import type { DiskSpace, SeenImage, WrittenBytes } from '../runtime/disk-space.ts'
import type { RunningCommand } from '../runtime/running-command.ts'
import {
  type ContainerSpec,
  type Finished,
  type LogSelection,
  type Runtime,
  type RuntimeFacts,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  type StartedContainer,
  sandboxName,
} from '../runtime/runtime.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { simulatedCommand } from './simulated-command.ts'
import { SimulatedContainers } from './simulated-containers.ts'
import { type Size, simulatedFacts } from './simulated-facts.ts'
import { SimulatedImages } from './simulated-images.ts'
import { simulatedLog } from './simulated-log.ts'
import {
  type SimulatedUse,
  simulatedUsage,
  simulatedWrites,
  type UseSoFar,
  useWith,
} from './simulated-usage.ts'

/** A simulated runtime, and what tests can do to it. */
export interface SimulatedRuntime extends Runtime {
  /** Ends the newest attempt of a running container. */
  exit(podUid: string, container: string, exitCode: number): void
  /** Makes the engine go away (containers stay), or come back. */
  setAway(isAway: boolean): void
  /** Sets the usage of each of the pod's containers from now on. */
  use(podUid: string, use: SimulatedUse): void
  /** The specification of a running container. */
  specOf(podUid: string, container: string): ContainerSpec | undefined
}

type Options = Size & { missingImages?: ReadonlySet<string> }

/**
 * Containers run as soon as they are started, and end when they are stopped. For machines without an engine, for tests
 * and for simulation; its state is lost with it.
 */
export const createSimulatedRuntime = (
  ports: { clock: Clock; ids: Ids },
  options: Options,
): SimulatedRuntime => new MemoryRuntime(ports, options)

class MemoryRuntime implements SimulatedRuntime {
  readonly name = 'simulated'
  readonly #clock: Clock
  readonly #options: Options
  readonly #containers: SimulatedContainers
  /** By pod uid. */
  readonly #uses = new Map<string, UseSoFar>()
  readonly #images: SimulatedImages
  #isAway = false

  constructor(ports: { clock: Clock; ids: Ids }, options: Options) {
    this.#clock = ports.clock
    this.#options = options
    this.#containers = new SimulatedContainers(ports)
    this.#images = new SimulatedImages(options.missingImages)
  }

  async facts(): Promise<RuntimeFacts> {
    this.#ensureHere()
    return simulatedFacts(this.#options)
  }

  async prepare(): Promise<void> {
    this.#ensureHere()
  }

  async holdAddress(): Promise<void> {
    this.#ensureHere()
  }

  async tearDown(): Promise<void> {
    this.#ensureHere()
  }

  async list(podUid?: string): Promise<SeenContainer[]> {
    this.#ensureHere()
    return this.#containers.all().filter(({ pod }) => podUid === undefined || pod.uid === podUid)
  }

  async usage(): Promise<RuntimeUsage> {
    this.#ensureHere()
    const running = this.#containers.all().filter(({ state }) => state === 'Running')
    const containers = running.flatMap((seen) => {
      const spec = this.#containers.specOf(seen.id)
      return spec ? [{ seen, spec, told: this.#uses.get(seen.pod.uid) }] : []
    })
    const sandboxes = running.filter(({ container, ip }) => container === sandboxName && ip)
    return simulatedUsage({ containers, sandboxes }, this.#clock.now())
  }

  async disk(): Promise<DiskSpace> {
    const { diskBytes: capacityBytes } = simulatedFacts(this.#options)
    const written = (await this.written()).reduce((sum, { bytes }) => sum + bytes, 0)
    return { capacityBytes, availableBytes: capacityBytes - written - this.#images.bytes }
  }

  async written(podUid?: string): Promise<readonly WrittenBytes[]> {
    return simulatedWrites(await this.list(podUid), this.#uses)
  }

  async images(names: readonly string[]): Promise<SeenImage[]> {
    this.#ensureHere()
    return this.#images.seen(names, (name) => this.#isUsed(name))
  }

  async removeImage(image: string): Promise<void> {
    this.#ensureHere()
    if (this.#isUsed(image)) throw new RuntimeRefusal(`a container is made of ${image}`)
    this.#images.remove(image)
  }

  async hasImage(image: string): Promise<boolean> {
    this.#ensureHere()
    return this.#images.has(image)
  }

  async imageUser(): Promise<string> {
    return ''
  }

  async pullImage(image: string): Promise<void> {
    this.#ensureHere()
    if (!this.#images.pull(image)) throw new RuntimeRefusal(`manifest for ${image} not found`)
  }

  async startSandbox(spec: SandboxSpec): Promise<string> {
    this.#ensureHere()
    return this.#containers.startSandbox(spec)
  }

  async startContainer(spec: ContainerSpec): Promise<StartedContainer> {
    this.#ensureHere()
    const { image } = spec
    if (!this.#images.has(image)) throw new RuntimeRefusal(`No such image: ${image}`)
    const id = this.#containers.start(spec)
    this.#images.use(image)
    return { id }
  }

  async exec(id: string): Promise<Finished> {
    this.#ensureRunning(id)
    return { exitCode: 0, output: '' }
  }

  async endCommands(): Promise<void> {
    this.#ensureHere()
  }

  async startProcess(id: string, command: readonly string[]): Promise<RunningCommand> {
    this.#ensureRunning(id)
    return simulatedCommand(command)
  }

  async openLoopback(): Promise<Connection> {
    throw new NoAnswer('connection refused')
  }

  /** Its whole output was written when it started. */
  async attach(id: string): Promise<RunningCommand> {
    this.#ensureRunning(id)
    const ended = new AbortController()
    const process = simulatedCommand(['cat'])
    const leave = async () => {
      ended.abort()
      await process.leave()
    }
    void this.#untilEnded(id, ended.signal).then(leave, leave)
    return { ...process, leave }
  }

  async *log(
    id: string,
    { follow, ...selection }: LogSelection,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    this.#ensureHere()
    const spec = this.#containers.specOf(id)
    const startedAtMs = this.#containers.get(id)?.startedAtMs ?? 0
    if (spec === undefined) throw new RuntimeRefusal(`No such container: ${id}`)
    const text = simulatedLog(spec, startedAtMs, selection)
    if (text !== '') yield new TextEncoder().encode(text)
    if (!follow) return
    await this.#untilEnded(id, signal)
  }

  async stop(id: string): Promise<void> {
    this.#ensureHere()
    this.#containers.end(id, this.#containers.specOf(id) === undefined ? 0 : 143)
  }

  async remove(id: string): Promise<void> {
    this.#ensureHere()
    this.#containers.remove(id)
  }

  watch(signal: AbortSignal): AsyncGenerator<string | undefined> {
    return this.#containers.changes.watch(signal, () => this.#ensureHere())
  }

  exit(podUid: string, container: string, exitCode: number): void {
    const seen = this.#running(podUid, container)
    if (seen !== undefined) this.#containers.end(seen.id, exitCode)
  }

  use(podUid: string, use: SimulatedUse): void {
    this.#uses.set(podUid, useWith(this.#uses.get(podUid), use, this.#clock.now()))
  }

  setAway(isAway: boolean): void {
    this.#isAway = isAway
    this.#containers.changes.wakeAll()
  }

  specOf(podUid: string, container: string): ContainerSpec | undefined {
    const seen = this.#running(podUid, container)
    return seen && this.#containers.specOf(seen.id)
  }

  #ensureHere(): void {
    if (this.#isAway) throw new StatusError('ServiceUnavailable', 'the simulated engine is away')
  }

  #ensureRunning(id: string): void {
    this.#ensureHere()
    if (this.#containers.isRunning(id)) return
    throw new RuntimeRefusal(`container ${id} is not running`)
  }

  async #untilEnded(id: string, signal: AbortSignal): Promise<void> {
    for await (const _changed of this.watch(signal)) {
      if (!this.#containers.isRunning(id)) return
    }
  }

  #isUsed(image: string): boolean {
    return this.#containers.find((each) => each.image === image) !== undefined
  }

  #running(podUid: string, container: string): SeenContainer | undefined {
    return this.#containers.find(
      (each) => each.pod.uid === podUid && each.container === container && each.state === 'Running',
    )
  }
}
