import {
  type ObjectChange,
  type Objects,
  type StoredObject,
  streamOf,
  withoutFinalizer,
} from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import {
  isDeepEqual,
  isTerminating,
  type KubernetesObject,
  nodes,
  objectKey,
} from '@reckon/kubernetes'
import type { Context, Controller } from '../controller.ts'
import type { TermSeconds } from '../term-seconds.ts'
import type { Writer } from '../writer.ts'
import { nodeNameOf, type Owner, plan, type Step } from './plan.ts'

/**
 * Garbage collection: dependents of owners that are gone, and pods of nodes that are gone. How long a node has been
 * gone is counted only within one term, in the term's own seconds: a clock that is set gives up no pod too early.
 */
export class GarbageController implements Controller {
  readonly name = 'generic-garbage-collector'
  readonly #seconds: Pick<TermSeconds, 'count'>
  /** In which second a node that pods name was first found missing, by name. */
  readonly #goneSince = new Map<string, number>()

  constructor({ seconds }: { seconds: Pick<TermSeconds, 'count'> }) {
    this.#seconds = seconds
  }

  keysOf(change: ObjectChange, objects: Objects): readonly string[] {
    const { type, stored } = change
    const { object } = stored
    if (object.kind === 'Node' && type === 'ADDED') this.#goneSince.delete(object.metadata.name)
    const owners = ownersThatWait(object, objects)
    if (type !== 'DELETED') {
      if (!mayBeGarbage(change)) return []
      // An owner that it has just forgotten waits for it no longer.
      const { before } = change
      return [keyOf(object), ...owners, ...(before ? ownersThatWait(before.object, objects) : [])]
    }
    const dependents = objects
      .ownedBy(object.metadata.uid ?? '')
      .map((owned) => keyOf(owned.object))
    return [...dependents, ...owners, ...podsOfNode(object, objects)]
  }

  allKeys(objects: Objects): readonly string[] {
    return objects.resources.all.flatMap((resource) =>
      objects
        .list(resource)
        .filter(({ object }) => concerns(object))
        .map(({ object }) => keyOf(object)),
    )
  }

  async reconcile(
    key: string,
    { objects, nowMs, writerFor }: Context,
  ): Promise<number | undefined> {
    const stored = find(key, objects)
    if (stored === undefined) return undefined
    const { object } = stored
    const writer = writerFor(stored)
    const { namespace, name } = object.metadata
    const stream = streamOf(objects.resources.of(object), namespace, name)
    const { steps, againAtMs } = attempt(stream, () =>
      plan(object, {
        ownersOf: (dependent) => ownersOf(dependent, objects),
        dependentsOf: ({ metadata: { uid = '' } }) =>
          objects.ownedBy(uid).map((owned) => owned.object),
        nodeGoneForMs: this.#nodeGoneForMs(object, objects),
        nowMs,
      }),
    )
    for (const step of steps) await carryOut(step, writer)
    return againAtMs
  }

  #nodeGoneForMs(object: KubernetesObject, objects: Objects): number | undefined {
    const nodeName = nodeNameOf(object)
    if (nodeName === undefined || objects.get(nodes, '', nodeName)) return undefined
    const { count } = this.#seconds
    const since = this.#goneSince.get(nodeName) ?? count
    this.#goneSince.set(nodeName, since)
    return (count - since) * 1_000
  }
}

async function carryOut(step: Step, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'Delete':
      return writer.delete(step.object, { propagationPolicy: step.propagationPolicy })
    case 'DeleteAtOnce':
      return writer.delete(step.object, { gracePeriodSeconds: 0 })
    case 'RemoveOwners':
      return writer.change(step.object, (current) => {
        const { ownerReferences = [], ...metadata } = current.metadata
        const left = ownerReferences.filter(({ uid }) => !step.uids.includes(uid))
        return {
          ...current,
          metadata: { ...metadata, ...(left.length > 0 && { ownerReferences: left }) },
        }
      })
    case 'RemoveFinalizer':
      return writer.change(step.object, (current) => withoutFinalizer(current, step.finalizer))
  }
}

/** Keys name objects of any kind: `apps/v1 ReplicaSet default/web-1`. */
const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  `${apiVersion} ${kind} ${objectKey(metadata)}`

function find(key: string, objects: Objects): StoredObject | undefined {
  const [apiVersion = '', kind = '', path = ''] = key.split(' ')
  const resource = objects.resources.ofKind(apiVersion, kind)
  const slash = path.indexOf('/')
  return resource && objects.get(resource, path.slice(0, slash), path.slice(slash + 1))
}

const ownersOf = (object: KubernetesObject, objects: Objects): Owner[] =>
  (object.metadata.ownerReferences ?? []).map((reference) => {
    const resource = objects.resources.ofKind(reference.apiVersion, reference.kind)
    if (resource === undefined) return { reference, isKnown: false }
    const { namespace: own = '' } = object.metadata
    // What is in no namespace cannot name an owner in one: nobody knows which it means.
    if (resource.namespaced && own === '') return { reference, isKnown: false }
    const namespace = resource.namespaced ? own : ''
    const owner = objects.get(resource, namespace, reference.name)?.object
    const isSame = owner?.metadata.uid === reference.uid
    return { reference, isKnown: true, ...(owner && isSame && { object: owner }) }
  })

/** Owners that are being deleted in the foreground and wait for this dependent. */
const ownersThatWait = (object: KubernetesObject, objects: Objects): string[] =>
  ownersOf(object, objects).flatMap((owner) =>
    owner.object && isTerminating(owner.object) ? [keyOf(owner.object)] : [],
  )

const concerns = (object: KubernetesObject): boolean =>
  (object.metadata.ownerReferences?.length ?? 0) > 0 ||
  (isTerminating(object) && (object.metadata.finalizers?.length ?? 0) > 0) ||
  nodeNameOf(object) !== undefined

/** Whether a change affects what garbage collection depends on. */
function mayBeGarbage({ stored, before }: ObjectChange): boolean {
  if (!concerns(stored.object) && !(before && concerns(before.object))) return false
  return before === undefined || !isDeepEqual(marks(stored.object), marks(before.object))
}

const marks = (object: KubernetesObject) => [
  object.metadata.ownerReferences,
  object.metadata.finalizers,
  object.metadata.deletionTimestamp,
  nodeNameOf(object),
]

const podsOfNode = (object: KubernetesObject, objects: Objects): string[] =>
  object.kind !== 'Node' ? [] : objects.podsOn(object.metadata.name).map((pod) => keyOf(pod.object))
