import type { KubernetesObject, Service } from '@reckon/kubernetes'
import { type Answer, keyOf, type Precondition, type Ref } from '../../histories/operation.ts'
import { tokenAnnotation } from '../../histories/seen-object.ts'
import type { Random } from '../random.ts'
import type { Client } from './client.ts'
import {
  collectionPath,
  creation,
  deletion,
  itemPath,
  type PatchType,
  patch,
  replacement,
} from './requests.ts'

const patchTypes: readonly PatchType[] = ['json', 'merge', 'strategic-merge']
const policies = ['Background', 'Background', 'Foreground', 'Orphan'] as const
const json = 'application/json'
/** Each takes as long as an api takes to answer. */
const replacingAttemptsMax = 30

/** A client's operation on an object, in one of the ways that the API offers. */
export class Hands {
  readonly #client: Client
  readonly #random: Random

  constructor(client: Client, random: Random) {
    this.#client = client
    this.#random = random
  }

  /** A name that ends in a dash is a prefix. */
  create(ref: Ref, object: KubernetesObject): Promise<Answer> {
    const token = this.#client.nextToken()
    const isNameGenerated = ref.name.endsWith('-')
    const { name: _, ...metadata } = object.metadata
    const generated = { ...object, metadata: { ...metadata, generateName: ref.name } }
    return this.#client.ask(
      { verb: 'create', ref, token, ...(isNameGenerated && { isNameGenerated }) },
      creation(ref, isNameGenerated ? (generated as never) : object, token),
    )
  }

  get(ref: Ref): Promise<Answer> {
    return this.#client.get(ref, itemPath(ref), this.#random.chance(0.2) ? 0n : undefined)
  }

  /** `change` is merged into the object; a JSON patch leaves it out. */
  patch(ref: Ref, change: object = {}): Promise<Answer> {
    const type = this.#random.pick(patchTypes) ?? 'merge'
    const { version, token: before } = this.#expected(ref, 0.3)
    const precondition =
      type === 'json'
        ? before !== undefined && { token: before }
        : version !== undefined && { version }
    const conditions = precondition ? { precondition } : {}
    const token = this.#tokenFor(ref)
    return this.#client.ask(
      { verb: 'patch', ref, token, ...conditions },
      patch(ref, type, { token, change, ...conditions }),
    )
  }

  /** Reads first if it has never seen the object; what it has seen may be old by now. */
  async replace(
    ref: Ref,
    change: (object: KubernetesObject) => KubernetesObject,
  ): Promise<Answer | undefined> {
    if (!this.#client.seen.has(keyOf(ref))) await this.get(ref)
    const object = this.#client.seen.get(keyOf(ref))
    // Finalizers of a terminating object may not be given to the next, should that be terminating,
    // too.
    if (object === undefined || object.metadata.finalizers) return undefined
    const { version, uid } = this.#expected(ref, 0.7)
    const precondition = {
      ...(version !== undefined && { version }),
      ...(uid !== undefined && this.#random.chance(0.5) && { uid }),
    }
    const token = this.#client.nextToken()
    return this.#client.ask(
      { verb: 'update', ref, token, precondition },
      replacement(ref, change(object), { token, precondition }),
    )
  }

  delete(ref: Ref): Promise<Answer> {
    const { version, uid } = this.#expected(ref, 0.3)
    const precondition: Precondition =
      version !== undefined && this.#random.chance(0.3)
        ? { version }
        : uid !== undefined
          ? { uid }
          : {}
    const propagationPolicy = this.#random.pick(policies) ?? 'Background'
    return this.#client.ask(
      { verb: 'delete', ref, precondition },
      deletion(ref, { precondition, propagationPolicy }),
    )
  }

  /** As `kubectl replace --force` does it: deletes it, and creates it as soon as it is gone. */
  async replaceByForce(ref: Ref, object: KubernetesObject): Promise<void> {
    await this.delete(ref)
    for (let attempt = 0; attempt < replacingAttemptsMax; attempt++) {
      const answer = await this.create(ref, object)
      if (answer.type !== 'Refused' || answer.reason !== 'AlreadyExists') return
    }
  }

  deleteAll(resource: string, namespace: string): Promise<unknown> {
    const path = collectionPath(resource, namespace)
    return this.#client.askPlainly({ method: 'DELETE', path, isPartial: true })
  }

  /** In `kubectl scale`'s two ways. */
  scale(ref: Ref, replicas: number): Promise<unknown> {
    const path = `${itemPath(ref)}/scale`
    const spec = { replicas }
    if (this.#random.chance(0.5)) {
      const type = 'application/merge-patch+json'
      const body = JSON.stringify({ spec })
      return this.#client.askPlainly({ method: 'PATCH', path, body, type })
    }
    const { namespace, name } = ref
    const metadata = { namespace, name }
    const body = JSON.stringify({ kind: 'Scale', apiVersion: 'autoscaling/v1', metadata, spec })
    return this.#client.askPlainly({ method: 'PUT', path, body, type: json })
  }

  /** Writes a false status: whoever knows better has to write it again. */
  status(ref: Ref, status: object): Promise<unknown> {
    const type = 'application/merge-patch+json'
    const path = `${itemPath(ref)}/status`
    return this.#client.askPlainly({
      method: 'PATCH',
      path,
      body: JSON.stringify({ status }),
      type,
    })
  }

  /**
   * A Service may be refused for an address that another one has, which the history of a single object does not know.
   */
  createPlainly(ref: Ref, object: KubernetesObject): Promise<unknown> {
    return this.#client.askPlainly(creation(ref, object, this.#client.nextToken()))
  }

  /** From ClusterIP to NodePort or back. */
  async changeType(ref: Ref): Promise<unknown> {
    const object = this.#client.seen.get(keyOf(ref))
    if (object === undefined) return this.get(ref)
    const { spec } = object as Service
    const type = spec.type === 'NodePort' ? 'ClusterIP' : 'NodePort'
    const changed = { ...object, spec: { ...spec, type } }
    const { version } = this.#expected(ref, 0.5)
    const precondition = version === undefined ? {} : { version }
    const token = this.#client.nextToken()
    return this.#client.askPlainly(replacement(ref, changed, { token, precondition }))
  }

  /** The version that the client saw last, now and then. */
  #expected(ref: Ref, chance: number): Precondition {
    const metadata = this.#client.seen.get(keyOf(ref))?.metadata
    if (metadata === undefined || !this.#random.chance(chance)) return {}
    const token = metadata.annotations?.[tokenAnnotation]
    return {
      version: BigInt(metadata.resourceVersion ?? '0'),
      ...(metadata.uid && { uid: metadata.uid }),
      ...(token !== undefined && { token }),
    }
  }

  /** Mostly a new one; now and then the previous one, so that knowing the change in between matters. */
  #tokenFor(ref: Ref): string {
    const last = this.#client.tokens.get(keyOf(ref)) ?? []
    const reused = last.at(-2)
    const token =
      reused !== undefined && this.#random.chance(0.3) ? reused : this.#client.nextToken()
    this.#client.tokens.set(keyOf(ref), [...last, token].slice(-2))
    return token
  }
}
