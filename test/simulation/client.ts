import type { ApiPorts } from '@reckon/api/run'
import type { Origin, StoredObject } from '@reckon/domain'
import { isRefusal, type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import { changeObject, createObject, deleteObject } from '@reckon/writing'
import type { SimulatedProcess } from './simulated-process.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

export type Target = { id: string; namespace: string; name: string }

/** A request that was not done, or of which nobody knows. */
export type Refused = { what: string; correlationId: string; error: unknown }

/** Who is told how requests ended. */
export type Told = { onAcknowledged(told: Acknowledged): void; onRefused(told: Refused): void }

/** A write that is done, and the object that it wrote. */
export type Acknowledged = { what: string; stored: StoredObject }

const actor = { user: 'ada', client: 'kubectl' }
const readWaitMs = 3_000

/** A client of the cluster: asks one of the apis, as its verbs do once HTTP is taken off. */
export class Client {
  readonly #world: World
  readonly #told: Told

  constructor(world: World, told: Told) {
    this.#world = world
    this.#told = told
  }

  create(id: string, object: KubernetesObject): void {
    const { namespace = '', name } = object.metadata
    this.#ask(`create ${id} ${namespace}/${name}`, (ports, origin) =>
      createObject(ports, resourceNamed(id), object, origin),
    )
  }

  change(
    { id, ...named }: Target,
    change: (current: KubernetesObject) => KubernetesObject,
    options: { subresource?: 'scale' } = {},
  ): void {
    this.#ask(`change ${id} ${named.namespace}/${named.name}`, (ports, origin) =>
      changeObject(ports, { resource: resourceNamed(id), ...named }, change, origin, options),
    )
  }

  delete({ id, ...named }: Target, policy: 'Background' | 'Foreground' | 'Orphan'): void {
    this.#ask(`delete ${id} ${named.namespace}/${named.name} ${policy}`, (ports, origin) =>
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
    const newest = this.#world.history.position ?? 0n
    this.#ask('read', async ({ reader, objects }) => {
      const isThere = await reader.waitForHead(readWaitMs)
      const has = objects.position ?? 0n
      if (!isThere || has >= newest) return
      throw new Violation('reads see every write', `an api answers ${has}, not ${newest}`)
    })
  }

  #ask(
    what: string,
    act: (ports: ApiPorts, origin: Origin) => Promise<StoredObject | undefined>,
  ): void {
    const api = this.#api()
    if (api === undefined) return
    const { process, ports } = api
    const { trace, random } = this.#world
    trace.tell(`client asks ${process.name}: ${what}`)
    const correlationId = random.uuid()
    process.enter(() => {
      const origin = { actor, verb: what.split(' ')[0] ?? '', correlationId }
      act(ports, origin).then(
        (stored) =>
          this.#hear(process, `${what} done`, () => {
            if (stored !== undefined) this.#told.onAcknowledged({ what, stored })
          }),
        (error) =>
          this.#hear(process, `${what}: ${error}`, () => {
            if (!isRefusal(error) || isRefusal(error, 'InternalError')) throw error
            this.#told.onRefused({ what, correlationId, error })
          }),
      )
    })
  }

  /** A process that is killed tells nobody anything. */
  #hear(process: SimulatedProcess, what: string, heed: () => void): void {
    if (process.state === 'Killed') return
    this.#world.trace.tell(`client is told: ${what}`)
    this.#world.guard(heed)
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
