import type { Holder, Origin, Reservable, StoredObject } from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import { isRefusal, type KubernetesObject, resourceOf } from '@reckon/kubernetes'
import {
  changeObject,
  createObject,
  deleteObject,
  finalizeNamespace,
  releaseAll,
  reserveAll,
  type WritePorts,
} from '@reckon/writing'

/** The object that is to be written, as the view has it. */
type Existing = KubernetesObject

/** A controller's hand: every write goes through the domain's write path and names its cause. */
export interface Writer {
  create(object: KubernetesObject, options?: { isNameForOnce?: boolean }): Promise<void>
  change(object: Existing, change: (current: KubernetesObject) => KubernetesObject): Promise<void>
  changeStatus(object: Existing, status: object): Promise<void>
  /** What is gone already counts as deleted. */
  delete(
    object: Existing,
    options?: { gracePeriodSeconds?: number; propagationPolicy?: 'Background' | 'Foreground' },
  ): Promise<void>
  finalizeNamespace(name: string): Promise<void>
  /** Gives back what the holder holds. */
  release(held: { reservable: Reservable; holder: Holder }): Promise<void>
  /** Takes for the holder what nobody holds. */
  reserve(missing: { reservable: Reservable; holder: Holder }): Promise<void>
}

type WriterOptions = {
  controller: string
  /** What changes of intent answer. */
  intent: Cause
  /** What changes of status answer. */
  trigger: Cause
  /** Is told the position of each write. */
  onWritten(position: bigint): void
}

/** The writer of one controller for one piece of work. */
export function createWriter(ports: WritePorts, options: WriterOptions): Writer {
  const origin = (verb: string, cause: Cause = options.intent): Origin =>
    originOf(options.controller, verb, cause)
  const written = ({ position }: StoredObject) => options.onWritten(position)
  return {
    async create(object, options) {
      written(await createObject(ports, resourceOf(object), object, origin('create'), options))
    },
    async change(object, change) {
      const { uid = '' } = object.metadata
      written(await changeObject(ports, targetOf(object), change, origin('update'), { uid }))
    },
    async changeStatus(object, status) {
      const { uid = '' } = object.metadata
      const change = (current: KubernetesObject) => ({ ...current, status })
      const from = origin('update', options.trigger)
      const only = { uid, subresource: 'status' } as const
      written(await changeObject(ports, targetOf(object), change, from, only))
    },
    async delete(object, deletion = {}) {
      const { uid = '' } = object.metadata
      try {
        const target = targetOf(object)
        written(await deleteObject(ports, target, { ...deletion, uid }, origin('delete')))
      } catch (error) {
        if (!isRefusal(error, 'NotFound') && !isRefusal(error, 'Conflict')) throw error
      }
    },
    async finalizeNamespace(name) {
      written(await finalizeNamespace(ports, name, origin('update')))
    },
    release: ({ reservable, holder }) => releaseAll(ports, [reservable], holder, origin('update')),
    reserve: ({ reservable, holder }) => reserveAll(ports, [reservable], holder, origin('update')),
  }
}

/** What a controller appends comes from it, and answers the cause. */
export const originOf = (controller: string, verb: string, cause: Cause): Origin => ({
  actor: { user: `system:controller:${controller}`, client: 'reckon-replicator' },
  verb,
  cause,
  fieldManager: controller,
})

const targetOf = (object: KubernetesObject) => ({
  resource: resourceOf(object),
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
})
