import { defaultSettings, type Objects, streamOf } from '@reckon/domain'
import { attempt, type Listening } from '@reckon/eventing/bus'
import { endpointSlices, type KubernetesObject, resourceOf } from '@reckon/kubernetes'
import type { Context, Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import type { NodeTerm } from '../node-lifecycle/controller.ts'
import { plan, withKept } from './plan.ts'
import { systemObjects } from './system-objects.ts'

const everything = 'what every cluster has'
/** An api that has been silent for this long is removed from the Service's endpoints. */
const silentSecondsMax = 10

/** Keeps the objects that every cluster has, and the endpoints of its apis. */
export class SystemObjectsController implements Controller {
  readonly name = 'system-objects-controller'
  readonly #term: Pick<NodeTerm, 'heartbeats' | 'seconds'>
  #known = ''

  constructor(term: Pick<NodeTerm, 'heartbeats' | 'seconds'>) {
    this.#term = term
  }

  keysOf({ event }: Parameters<Controller['keysOf']>[0]): string[] {
    return systemStreams.has(event.stream) ? [everything] : []
  }

  follow(objects: Objects, add: (key: string) => void): () => void {
    return this.#term.seconds.subscribe(() => {
      const known = JSON.stringify(this.#apis(objects))
      if (known === this.#known) return
      this.#known = known
      add(everything)
    })
  }

  allKeys(): readonly string[] {
    return [everything]
  }

  async reconcile(key: string, { objects, writerFor }: Context): Promise<undefined> {
    const { cluster } = objects
    if (cluster === undefined) return
    const steps = attempt(key, () =>
      plan(this.#wanted(objects), (wanted) => objects.ofStream(streamIn(wanted))?.object),
    )
    const founding = { id: cluster.founded, correlationId: cluster.founded }
    const writer = writerFor({ intent: founding, last: founding })
    await eachStep(steps, (step) =>
      step.type === 'Create'
        ? writer.create(step.wanted)
        : writer.change(step.current, (current) => withKept(current, step.wanted)),
    )
  }

  #wanted(objects: Objects): readonly KubernetesObject[] {
    const { cluster } = objects
    return cluster === undefined ? [] : systemObjects(cluster.settings, this.#apis(objects))
  }

  /**
   * The apis' addresses. Present ones stay until they have been silent for too long, and all stay while none is heard.
   */
  #apis(objects: Objects): readonly Listening[] {
    const { apis } = this.#term.heartbeats
    const slice = objects.get(endpointSlices, 'default', 'kubernetes')?.object
    const port = slice?.ports?.[0]?.port
    const led = (slice?.endpoints ?? []).flatMap(({ addresses: [address] }) =>
      address !== undefined && port !== undefined ? [{ address, port }] : [],
    )
    const living = apis.living(led, silentSecondsMax)
    return living.length > 0 ? living : led
  }
}

const streamIn = (object: KubernetesObject): string => {
  const { namespace = '', name } = object.metadata
  return streamOf(resourceOf(object), namespace, name)
}

/** For the objects that every cluster has, wherever its apis are. */
const systemStreams = new Set(
  systemObjects(defaultSettings, [{ address: '', port: 0 }]).map(streamIn),
)
