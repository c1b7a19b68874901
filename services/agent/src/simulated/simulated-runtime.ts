import type { Clock, Ids } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { type Connection, NoAnswer } from '../runtime/dialer.ts'
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
  sandboxName,
} from '../runtime/runtime.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { pretendedCommand } from './pretended-command.ts'
import { pretendedLog } from './pretended-log.ts'
import { pretendedUsage } from './pretended-usage.ts'

/** A runtime that only pretends, with what a test or a simulation may do to it. */
export interface SimulatedRuntime extends Runtime {
  /** The newest attempt of a running container ends. */
  exit(podUid: string, container: string, exitCode: number): void
  /** The engine goes away (containers stay), or comes back. */
  setAway(isAway: boolean): void
  /** What a running container was started with. */
  specOf(podUid: string, container: string): ContainerSpec | undefined
}

/** Enough for whatever pretends to be written. */
const diskBytesDefault = 100 * 2 ** 30

type Options = {
  cpus: number
  memoryBytes: number
  diskBytes?: number
  missingImages?: ReadonlySet<string>
}

/**
 * Containers run as soon as they are started and end when they are stopped. For machines without an engine, for
 * tests and for simulation; what it pretended is forgotten with it.
 */
export const createSimulatedRuntime = (
  ports: { clock: Clock; ids: Ids },
  options: Options,
): SimulatedRuntime => new PretendedContainers(ports, options)

type Watcher = { changed: Set<string>; wake: () => void }

class PretendedContainers implements SimulatedRuntime {
  readonly name = 'simulated'
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #options: Options
  readonly #containers = new Map<string, SeenContainer>()
  readonly #specs = new Map<string, ContainerSpec>()
  readonly #watchers = new Set<Watcher>()
  #isAway = false

  constructor({ clock, ids }: { clock: Clock; ids: Ids }, options: Options) {
    this.#clock = clock
    this.#ids = ids
    this.#options = options
  }

  async facts(): Promise<RuntimeFacts> {
    this.#ensureHere()
    return {
      cpus: this.#options.cpus,
      memoryBytes: this.#options.memoryBytes,
      diskBytes: this.#options.diskBytes ?? diskBytesDefault,
      kernelVersion: 'simulated',
      osImage: 'simulated',
      architecture: 'amd64',
      containerRuntimeVersion: 'simulated://1',
    }
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
    return [...this.#containers.values()].filter(
      (each) => podUid === undefined || each.pod.uid === podUid,
    )
  }

  async usage(): Promise<RuntimeUsage> {
    this.#ensureHere()
    const running = [...this.#specs].flatMap(([id, spec]) => {
      const seen = this.#containers.get(id)
      return seen?.state === 'Running' ? [{ seen, spec }] : []
    })
    return pretendedUsage(running, this.#clock.now())
  }

  async hasImage(image: string): Promise<boolean> {
    this.#ensureHere()
    return !this.#options.missingImages?.has(image)
  }

  async imageUser(): Promise<string> {
    return ''
  }

  async pullImage(image: string): Promise<void> {
    if (!(await this.hasImage(image))) {
      throw new RuntimeRefusal(`manifest for ${image} not found`)
    }
  }

  async startSandbox(spec: SandboxSpec): Promise<string> {
    this.#ensureHere()
    const isTaken = ({ state, ip }: SeenContainer) =>
      state === 'Running' && spec.ip !== undefined && ip === spec.ip
    if (this.#find(isTaken)) throw new RuntimeRefusal('Address already in use')
    const seen = this.#begun(spec, sandboxName)
    this.#set({ ...seen, ...(spec.ip === undefined ? {} : { ip: spec.ip }) })
    return seen.id
  }

  async startContainer(spec: ContainerSpec): Promise<string> {
    this.#ensureHere()
    if (this.#options.missingImages?.has(spec.image)) {
      throw new RuntimeRefusal(`No such image: ${spec.image}`)
    }
    const { sandboxId, container } = spec
    if (this.#containers.get(sandboxId)?.state !== 'Running') {
      throw new RuntimeRefusal(`cannot join network of a non running container: ${sandboxId}`)
    }
    const seen = { ...this.#begun(spec, container), sandboxId }
    this.#specs.set(seen.id, spec)
    this.#set(seen)
    return seen.id
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
    return pretendedCommand(command)
  }

  async openLoopback(): Promise<Connection> {
    throw new NoAnswer('connection refused')
  }

  /** It has said all that it says when it was started. */
  async attach(id: string): Promise<RunningCommand> {
    this.#ensureRunning(id)
    const ended = new AbortController()
    const process = pretendedCommand(['cat'])
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
    const spec = this.#specs.get(id)
    const startedAtMs = this.#containers.get(id)?.startedAtMs ?? 0
    if (spec === undefined) throw new RuntimeRefusal(`No such container: ${id}`)
    const text = pretendedLog(spec, startedAtMs, selection)
    if (text !== '') yield new TextEncoder().encode(text)
    if (!follow) return
    await this.#untilEnded(id, signal)
  }

  async stop(id: string): Promise<void> {
    this.#ensureHere()
    const seen = this.#containers.get(id)
    if (seen !== undefined) this.#end(seen, seen.container === sandboxName ? 0 : 143)
  }

  async remove(id: string): Promise<void> {
    this.#ensureHere()
    const seen = this.#containers.get(id)
    this.#containers.delete(id)
    this.#specs.delete(id)
    if (seen !== undefined) this.#changed(seen.pod.uid)
  }

  async *watch(signal: AbortSignal): AsyncGenerator<string | undefined> {
    this.#ensureHere()
    const watcher: Watcher = { changed: new Set(), wake: () => {} }
    this.#watchers.add(watcher)
    const onAbort = () => watcher.wake()
    signal.addEventListener('abort', onAbort)
    try {
      yield undefined
      while (!signal.aborted) {
        this.#ensureHere()
        const due = [...watcher.changed]
        watcher.changed.clear()
        yield* due
        if (watcher.changed.size > 0 || signal.aborted) continue
        await new Promise<void>((resolve) => {
          watcher.wake = resolve
        })
      }
    } finally {
      this.#watchers.delete(watcher)
      signal.removeEventListener('abort', onAbort)
    }
  }

  exit(podUid: string, container: string, exitCode: number): void {
    const seen = this.#running(podUid, container)
    if (seen !== undefined) this.#end(seen, exitCode)
  }

  setAway(isAway: boolean): void {
    this.#isAway = isAway
    for (const { wake } of this.#watchers) wake()
  }

  specOf(podUid: string, container: string): ContainerSpec | undefined {
    const seen = this.#running(podUid, container)
    return seen && this.#specs.get(seen.id)
  }

  #ensureHere(): void {
    if (this.#isAway) throw new StatusError('ServiceUnavailable', 'the simulated engine is away')
  }

  #ensureRunning(id: string): void {
    this.#ensureHere()
    if (this.#containers.get(id)?.state === 'Running') return
    throw new RuntimeRefusal(`container ${id} is not running`)
  }

  async #untilEnded(id: string, signal: AbortSignal): Promise<void> {
    for await (const _changed of this.watch(signal)) {
      if (this.#containers.get(id)?.state !== 'Running') return
    }
  }

  #find(is: (seen: SeenContainer) => boolean): SeenContainer | undefined {
    return [...this.#containers.values()].find(is)
  }

  #running(podUid: string, container: string): SeenContainer | undefined {
    return this.#find(
      (each) => each.pod.uid === podUid && each.container === container && each.state === 'Running',
    )
  }

  #set(seen: SeenContainer): void {
    this.#containers.set(seen.id, seen)
    this.#changed(seen.pod.uid)
  }

  #changed(podUid: string): void {
    for (const { changed, wake } of this.#watchers) {
      changed.add(podUid)
      wake()
    }
  }

  #end(seen: SeenContainer, exitCode: number): void {
    if (seen.state !== 'Running') return
    this.#set({ ...seen, state: 'Exited', exitCode, finishedAtMs: this.#clock.now() })
  }

  #begun(spec: SandboxSpec | ContainerSpec, container: string): SeenContainer {
    const id = this.#ids.next()
    const { pod, attempt, image } = spec
    const same = this.#find(
      (each) =>
        each.pod.uid === pod.uid && each.container === container && each.attempt === attempt,
    )
    if (same) {
      throw new RuntimeRefusal(`container name of ${container} is already in use by ${same.id}`)
    }
    return {
      id,
      pod,
      container,
      attempt,
      sandboxId: id,
      state: 'Running',
      image,
      imageId: `sha256:${image}`,
      startedAtMs: this.#clock.now(),
      exitCode: 0,
      outOfMemory: false,
    }
  }
}
