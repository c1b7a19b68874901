import type { Holder, ObjectChanged, Origin, Reservable } from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import {
  abandon,
  changeObject,
  createObject,
  deleteObject,
  evictPod,
  type FoundClaimant,
  finalizeNamespace,
  type HeldValue,
  isOfGone,
  noteOnce,
  positionOf,
  releaseClaim,
  releaseHeld,
  reserveAll,
  type WritePorts,
  type Written,
} from '@reckon/writing'
import { permanentRefusal, type RefusedCreation } from './refused-creation.ts'

/** The object to write, as the view has it. */
type Existing = KubernetesObject

/** A controller's Event, in upstream's words. */
export type ControllerNote = { type: 'Normal' | 'Warning'; reason: string; message: string }

type StatusOf = (current: KubernetesObject) => unknown

/** All writes of a controller: each goes through the write path and records its cause. */
export interface Writer {
  create(object: KubernetesObject, options?: { isNameForOnce?: boolean }): Promise<void>
  change(object: Existing, change: (current: KubernetesObject) => KubernetesObject): Promise<void>
  /**
   * A status that is computed from the object is computed again when another writer was first. `joined` is recorded
   * with the change: what it follows from.
   */
  changeStatus(
    object: Existing,
    status: object | StatusOf,
    joined?: Pick<ObjectChanged, 'scaling'>,
  ): Promise<void>
  /** Approves or denies a CertificateSigningRequest. */
  decide(object: Existing, status: StatusOf): Promise<void>
  /** Records an Event on the object, once, that says why it has no effect as written. */
  note(object: Existing, note: ControllerNote): Promise<void>
  /** Records `PodEvicted`; a pod that is gone or being deleted stays so. */
  evict(pod: Existing, because: { reason: string; message: string }): Promise<void>
  /** Deletes; an object that is gone already counts as deleted. */
  delete(
    object: Existing,
    options?: { gracePeriodSeconds?: number; propagationPolicy?: 'Background' | 'Foreground' },
  ): Promise<void>
  finalizeNamespace(name: string): Promise<void>
  /** Releases a value that its holder does not need, unless its reservation has changed since. */
  release(held: HeldValue): Promise<void>
  /** Gives up the write for which a value was reserved; false if its holder has changed since. */
  abandon(held: { holder: Holder }, found: FoundClaimant): Promise<boolean>
  /** Gives up a claim on the namespace's quotas. */
  releaseClaim(namespace: string, holder: Holder): Promise<void>
  /** Reserves for the holder a value that nobody holds. */
  reserve(missing: { reservable: Reservable; holder: Holder }): Promise<void>
}

type WriterOptions = {
  controller: string
  /** The cause of changes of intent. */
  intent: Cause
  /** The cause of changes of status. */
  trigger: Cause
  /** Called with the position of each write. */
  onWritten(position: bigint): void
  /** Called with each refused creation. */
  onRefused?(refused: RefusedCreation): void
}

/** The writer of a controller for one piece of work. */
export function createWriter(ports: WritePorts, options: WriterOptions): Writer {
  const origin = (verb: string, cause: Cause = options.intent): Origin =>
    originOf(options.controller, verb, cause)
  const written = (what: Written) => options.onWritten(positionOf(what))
  return {
    async create(object, how) {
      const resource = ports.known.resources.of(object)
      const creation = { ...how, resource, object, origin: origin('create') }
      try {
        written(await createObject(ports, creation))
      } catch (error) {
        const refusal = permanentRefusal(error)
        if (refusal) options.onRefused?.({ object, refusal })
        throw error
      }
    },
    async change(object, change) {
      written(
        await changeObject(ports, { ...exactly(ports, object), change, origin: origin('update') }),
      )
    },
    async changeStatus(object, status, joined) {
      written(
        await changeObject(ports, {
          ...exactly(ports, object),
          change: (current) => ({
            ...current,
            status: typeof status === 'function' ? status(current) : status,
          }),
          origin: origin('update', options.trigger),
          subresource: 'status',
          ...(joined && { recordedAs: { joined } }),
        }),
      )
    },
    async decide(object, status) {
      written(
        await changeObject(ports, {
          ...exactly(ports, object),
          change: (current) => ({ ...current, status: status(current) }),
          origin: origin('update'),
          subresource: 'approval',
        }),
      )
    },
    note: (object, { type, reason, message }) => {
      const note = { type, reason, message, component: options.controller }
      return noteOnce(ports, object, note, origin('update'))
    },
    async delete(object, deletion = {}) {
      try {
        const asked = { ...deletion, ...exactly(ports, object), origin: origin('delete') }
        written(await deleteObject(ports, asked))
      } catch (error) {
        if (!isOfGone(error)) throw error
      }
    },
    async evict({ metadata: { namespace = '', name, uid = '' } }, because) {
      try {
        const asked = { pod: { namespace, name, uid }, because, origin: origin('delete') }
        written(await evictPod(ports, asked))
      } catch (error) {
        if (!isOfGone(error)) throw error
      }
    },
    async finalizeNamespace(name) {
      written(await finalizeNamespace(ports, { name, origin: origin('update') }))
    },
    release: (held) => releaseHeld(ports, held, origin('update')),
    releaseClaim: (namespace, holder) =>
      releaseClaim(ports, { namespace, holder }, origin('update')),
    abandon: (held, found) => abandon(ports, held, found, origin('update')),
    reserve: ({ reservable, holder }) =>
      reserveAll(ports, { reservables: [reservable], holder, origin: origin('update') }),
  }
}

/** The user name of a controller, as upstream's. */
export const userOf = (controller: string): string => `system:controller:${controller}`

/** The origin of a controller's writes, with their cause. */
export const originOf = (controller: string, verb: string, cause: Cause): Origin => ({
  actor: { user: userOf(controller), client: 'reckon-replicator' },
  verb,
  cause,
  fieldManager: controller,
})

/** This very object, not a later one of its name. */
const exactly = ({ known }: WritePorts, object: KubernetesObject) => ({
  target: {
    resource: known.resources.of(object),
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  },
  preconditions: { uid: object.metadata.uid ?? '' },
})
