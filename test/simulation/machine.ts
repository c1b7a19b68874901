import type { Runtime, SeenContainer } from '@reckon/agent/runtime'
import { createSimulatedDialer } from '@reckon/agent/simulated-dialer'
import { createSimulatedRuntime, type SimulatedRuntime } from '@reckon/agent/simulated-runtime'
import type { NodeKey } from '@reckon/node-plane'
import { drawNodeKey } from '@reckon/process'
import type { Dataplane } from '@reckon/proxy/run'
import type { DnsZone, Edge, PacketRules } from '@reckon/routing'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'
import { VolumeDirectories } from './volume-directories.ts'
import type { WallClocks } from './wall-clocks.ts'

const latencyMsMax = 20

/** The packet rules, names and edge configuration of a machine. */
type Outputs = { packets?: PacketRules; names?: DnsZone; edge?: Edge }

/** A machine that runs containers; it outlives the agents on it. */
export class Machine {
  readonly node: string
  readonly index: number
  readonly cpus: number
  readonly runtime: SimulatedRuntime
  readonly outputs: Outputs = {}
  /** Called for each container that an agent ends, with all containers of the pod. */
  onEnding: (seen: SeenContainer, siblings: readonly SeenContainer[]) => void = () => {}
  readonly directories: VolumeDirectories
  readonly dialer = createSimulatedDialer()
  readonly #world: { timeline: Timeline; random: Random; trace: Trace }
  /** Outlives the agents, as the file with it does. */
  readonly nodeKey: NodeKey
  #isAway = false

  constructor(
    world: { timeline: Timeline; random: Random; trace: Trace; clocks: WallClocks },
    { index, cpus }: { index: number; cpus: number },
  ) {
    this.node = `node-${index}`
    this.index = index
    this.cpus = cpus
    this.#world = world
    this.directories = new VolumeDirectories(world, this.node)
    this.nodeKey = drawNodeKey((bytes) => world.random.bytes(bytes))
    const clock = {
      now: () => world.clocks.of(this.node).now(),
      sleep: () => Promise.reject(new Error('a container engine does not sleep')),
    }
    const ids = { next: () => world.random.uuid(), below: (n: number) => world.random.below(n) }
    this.runtime = createSimulatedRuntime({ clock, ids }, { cpus, memoryBytes: 8 * 2 ** 30 })
  }

  /** Stops or starts the engine; its containers stay. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway
    this.runtime.setAway(isAway)
  }

  /** Every running container; none while the engine is stopped. */
  async running(): Promise<readonly SeenContainer[]> {
    if (this.#isAway) return []
    return (await this.runtime.list()).filter(({ state }) => state === 'Running')
  }

  /** Ends all containers at once, as a power cut does; the engine runs afterwards. */
  async loseAll(): Promise<void> {
    this.setAway(false)
    for (const { pod, container } of await this.running()) {
      this.runtime.exit(pod.uid, container, 137)
    }
  }

  async #reportEnding(id: string): Promise<void> {
    if (this.#isAway) return
    const seen = (await this.runtime.list()).find((each) => each.id === id)
    if (seen) this.onEnding(seen, await this.runtime.list(seen.pod.uid))
  }

  /** The machine's outputs as one proxy reaches them: the last configuration is kept, whoever gave it. */
  dataplaneFor(process: SimulatedProcess): Dataplane {
    const { timeline, random, trace } = this.#world
    const output = <Name extends keyof Outputs>(name: Name) => ({
      apply: (wanted: NonNullable<Outputs[Name]>) =>
        process.promise<undefined>((resolve) => {
          timeline.after(random.between(0.1, latencyMsMax), () => {
            trace.note(`${this.node} ${name}`)
            this.outputs[name] = wanted
            resolve(undefined)
          })
        }),
    })
    return { packets: output('packets'), names: output('names'), edge: output('edge') }
  }

  /** The engine as one agent reaches it. What a killed agent had asked for may still be done. */
  runtimeFor(process: SimulatedProcess): Runtime {
    const { timeline, random, trace } = this.#world
    const { runtime } = this
    const call = <T>(what: string, act: () => Promise<T>): Promise<T> =>
      process.promise((resolve, reject) => {
        const latencyMs = () => random.between(0.1, latencyMsMax)
        timeline.after(latencyMs(), () => {
          if (process.state === 'Killed' && random.chance(0.5)) return
          trace.note(`${this.node} ${what}`)
          const answer = (settle: () => void) => timeline.after(latencyMs(), settle)
          void act().then(
            (value) => answer(() => resolve(value)),
            (error) => answer(() => reject(error)),
          )
        })
      })
    return {
      name: runtime.name,
      facts: () => call('facts', () => runtime.facts()),
      prepare: (cidr) => call('prepare', () => runtime.prepare(cidr)),
      holdAddress: (address) => call('hold address', () => runtime.holdAddress(address)),
      tearDown: () => call('tear down', () => runtime.tearDown()),
      list: (podUid) => call('list', () => runtime.list(podUid)),
      usage: (extent) => call('usage', () => runtime.usage(extent)),
      disk: () => call('disk', () => runtime.disk()),
      written: (podUid) => call('written', () => runtime.written(podUid)),
      images: (names) => call('images', () => runtime.images(names)),
      removeImage: (image) => call('remove image', () => runtime.removeImage(image)),
      hasImage: (image) => call('has image', () => runtime.hasImage(image)),
      imageUser: (image) => call('image user', () => runtime.imageUser(image)),
      pullImage: (image) => call('pull', () => runtime.pullImage(image)),
      startSandbox: (spec) =>
        call(`sandbox ${spec.pod.name} ${spec.attempt}`, () => runtime.startSandbox(spec)),
      startContainer: (spec) =>
        call(`start ${spec.pod.name}/${spec.container} ${spec.attempt}`, () =>
          runtime.startContainer(spec),
        ),
      endCommands: () => call('end commands', () => runtime.endCommands()),
      exec: (id, command, signal) => call('exec', () => runtime.exec(id, command, signal)),
      stop: (id, graceSeconds) =>
        call('stop', async () => {
          await this.#reportEnding(id)
          return runtime.stop(id, graceSeconds)
        }),
      remove: (id) =>
        call('remove', async () => {
          await this.#reportEnding(id)
          return runtime.remove(id)
        }),
      startProcess: (id, command, streams) =>
        call('start process', () => runtime.startProcess(id, command, streams)),
      openLoopback: (id, port) => call('open loopback', () => runtime.openLoopback(id, port)),
      attach: (id, streams) => call('attach', () => runtime.attach(id, streams)),
      log: (id, selection, signal) =>
        told(process, signal, (ended) => runtime.log(id, selection, ended)),
      watch: (signal) => told(process, signal, (ended) => runtime.watch(ended)),
    }
  }
}

/** The machine's later notifications to one process; none once that has ended. */
async function* told<T>(
  process: SimulatedProcess,
  signal: AbortSignal,
  tell: (ended: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const ended = new AbortController()
  process.atEnd(() => ended.abort())
  const each = tell(AbortSignal.any([signal, ended.signal]))[Symbol.asyncIterator]()
  for (;;) {
    const next = await process.promise<IteratorResult<T>>(
      (resolve, reject) => void each.next().then(resolve, reject),
    )
    if (next.done) return
    yield next.value
  }
}
