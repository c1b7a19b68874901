import type { ApiPorts } from '@reckon/api/serve'
import {
  changeObject,
  createObject,
  deleteObject,
  type Origin,
  type StoredObject,
} from '@reckon/domain'
import { isRefusal, type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import type { SimulatedProcess } from './simulated-process.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

export type Target = { id: string; namespace: string; name: string }

/** What a client was told: the written object, or that all before a position can be read. */
export type Acknowledged = { what: string; stored?: StoredObject; api: ApiPorts }

const origin: Origin = { actor: { user: 'ada', client: 'kubectl' }, verb: 'simulate' }
const readWaitMs = 3_000

/** A client of the cluster: asks one of the apis, as its verbs do once HTTP is taken off. */
export class Client {
  readonly #world: World
  readonly #acknowledge: (acknowledged: Acknowledged) => void

  constructor(world: World, acknowledge: (acknowledged: Acknowledged) => void) {
    this.#world = world
    this.#acknowledge = acknowledge
  }

  create(id: string, object: KubernetesObject): void {
    const { namespace = '', name } = object.metadata
    this.#ask(`create ${id} ${namespace}/${name}`, (ports) =>
      createObject(ports, resourceNamed(id), object, origin),
    )
  }

  change(
    { id, ...named }: Target,
    change: (current: KubernetesObject) => KubernetesObject,
    options: { subresource?: 'scale' } = {},
  ): void {
    this.#ask(`change ${id} ${named.namespace}/${named.name}`, (ports) =>
      changeObject(ports, { resource: resourceNamed(id), ...named }, change, origin, options),
    )
  }

  delete({ id, ...named }: Target, policy: 'Background' | 'Foreground' | 'Orphan'): void {
    this.#ask(`delete ${id} ${named.namespace}/${named.name} ${policy}`, (ports) =>
      deleteObject(
        ports,
        { resource: resourceNamed(id), ...named },
        { propagationPolicy: policy },
        origin,
      ),
    )
  }

  /** Asks an api for everything, at the newest version. */
  readNewest(): void {
    const api = this.#api()
    if (api === undefined) return
    const { process, ports } = api
    const newest = this.#world.history.position ?? 0n
    process.enter(() => {
      const read = ports.reader.waitForHead(readWaitMs)
      this.#told('read', process, read, (isThere) => {
        const has = ports.objects.position ?? 0n
        if (!isThere || has >= newest) return
        throw new Violation('reads see every write', `${process.name} at ${has}, not ${newest}`)
      })
    })
  }

  #ask(what: string, act: (ports: ApiPorts) => Promise<StoredObject>): void {
    const api = this.#api()
    if (api === undefined) return
    const { process, ports } = api
    this.#world.trace.tell(`client asks ${process.name}: ${what}`)
    process.enter(() =>
      this.#told(what, process, act(ports), (stored) =>
        this.#acknowledge({ what, stored, api: ports }),
      ),
    )
  }

  #told<T>(
    what: string,
    process: SimulatedProcess,
    answer: Promise<T>,
    heed: (value: T) => void,
  ): void {
    const { world } = { world: this.#world }
    answer.then(
      (value) => {
        if (process.state === 'Killed') return
        world.trace.tell(`client is told: ${what} done`)
        world.guard(() => heed(value))
      },
      (error) => {
        if (process.state === 'Killed') return
        world.trace.tell(`client is told: ${what}: ${error}`)
        if (!isRefusal(error)) world.fail(error)
        if (isRefusal(error, 'InternalError')) world.fail(error)
      },
    )
  }

  #api(): { process: SimulatedProcess; ports: ApiPorts } | undefined {
    const running = this.#world.places.flatMap(({ process, shown }) =>
      process?.state === 'Running' && shown?.api?.objects.cluster !== undefined
        ? [{ process, ports: shown.api }]
        : [],
    )
    return this.#world.random.pick(running)
  }
}
