import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  isDeepEqual,
  isEvicting,
  isOf,
  isTerminating,
  type KubernetesObject,
  nodes,
  objectKey,
  type Pod,
  pods,
  type Taint,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import type { TermSeconds } from '../term-seconds.ts'
import { evictionOf } from './plan.ts'

/**
 * Evicts pods from nodes whose taints they do not tolerate, or no longer. How long a pod has endured a taint is counted
 * only within one term, in the term's own seconds: a new term starts anew, so no pod is evicted too early.
 */
export class TaintEvictionController implements Controller {
  readonly name = 'taint-eviction-controller'
  readonly #seconds: TermSeconds
  /** For each pod, since when each taint applies to it. */
  readonly #since = new Map<string, ReadonlyMap<string, number>>()
  readonly #dueAt = new Map<string, number>()

  constructor({ seconds }: { seconds: TermSeconds }) {
    this.#seconds = seconds
  }

  keysOf({ type, stored: { object }, before }: ObjectChange, objects: Objects): readonly string[] {
    if (isOf(pods, object)) {
      const isKnown = before && isDeepEqual(marks(object), marks(before.object))
      const concerns = this.#since.has(keyOf(object)) || taintsFor(object, objects).length > 0
      return concerns && !isKnown ? [keyOf(object)] : []
    }
    if (!isOf(nodes, object) || type === 'DELETED') return []
    const was = before && isOf(nodes, before.object) ? evicting(before.object.spec.taints) : []
    if (isDeepEqual(evicting(object.spec.taints), was)) return []
    return objects.podsOn(object.metadata.name).map((pod) => keyOf(pod.object))
  }

  follow(_objects: Objects, add: (key: string) => void): () => void {
    return this.#seconds.subscribe(() => {
      for (const [key, dueAt] of this.#dueAt) if (dueAt <= this.#seconds.count) add(key)
    })
  }

  allKeys(objects: Objects): readonly string[] {
    return objects
      .list(nodes)
      .filter(({ object }) => evicting(object.spec.taints).length > 0)
      .flatMap(({ object }) => objects.podsOn(object.metadata.name))
      .map(({ object }) => keyOf(object))
  }

  async reconcile(key: string, { objects, writerFor }: Context): Promise<undefined> {
    const stored = find(key, objects)
    const taints = stored ? taintsFor(stored.object, objects) : []
    this.#dueAt.delete(key)
    if (stored === undefined || taints.length === 0) {
      this.#since.delete(key)
      return
    }
    const known = this.#since.get(key)
    const now = this.#seconds.count
    const since = new Map(taints.map((taint) => [idOf(taint), known?.get(idOf(taint)) ?? now]))
    this.#since.set(key, since)
    const eviction = planFor(stored.object, () =>
      evictionOf(stored.object, taints, (taint) => since.get(idOf(taint)) ?? now),
    )
    if (eviction === undefined) return
    if (eviction.atSeconds > now) this.#dueAt.set(key, eviction.atSeconds)
    else await writerFor(stored).evict(stored.object, conditionFor(eviction.taint))
  }
}

/** `shop/web-1 <uid>`: for another pod of that name the times start anew. */
const keyOf = ({ metadata }: Pod): string => `${objectKey(metadata)} ${metadata.uid}`

/** The very pod, unless it is being deleted. */
function find(key: string, objects: Objects): StoredObject<Pod> | undefined {
  const [path = '', uid] = key.split(' ')
  const [namespace = '', name = ''] = path.split('/')
  const stored = objects.get(pods, namespace, name)
  if (stored === undefined || isTerminating(stored.object)) return undefined
  return stored.object.metadata.uid === uid ? stored : undefined
}

const evicting = (taints: readonly Taint[] = []): readonly Taint[] => taints.filter(isEvicting)

const taintsFor = ({ spec: { nodeName } }: Pod, objects: Objects): readonly Taint[] =>
  nodeName ? evicting(objects.get(nodes, '', nodeName)?.object.spec.taints) : []

const idOf = ({ key, value }: Taint): string => `${key}=${value ?? ''}`

/** What determines how long a pod may stay. */
const marks = ({ spec, metadata }: Partial<Pod> & KubernetesObject) => [
  spec?.nodeName,
  spec?.tolerations,
  metadata.deletionTimestamp,
]

/** Upstream's message, with the taint added. */
const conditionFor = ({ key, value, effect }: Taint) => ({
  reason: 'DeletionByTaintManager',
  message: `Taint manager: deleting due to NoExecute taint ${key}${value ? `=${value}` : ''}:${effect}`,
})
