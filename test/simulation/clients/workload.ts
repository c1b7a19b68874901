import {
  claimsOf,
  configMaps,
  cronJobs,
  isBound,
  isTerminating,
  type KubernetesObject,
  namesOf,
  namespaces,
  nodes,
  persistentVolumeClaims,
  pods,
  type Resource,
  resourceId,
  secrets,
} from '@reckon/kubernetes'
import type { Recorder } from '../../histories/recorder.ts'
import type { World } from '../world.ts'
import type { Client } from './client.ts'
import { configMapOf, secretOf } from './manifests.ts'
import { creation, deletion, patch } from './requests.ts'
import { type ClientPorts, clientIn } from './simulated-client.ts'
import { type Step, stepsOf, type Theme, themes } from './steps.ts'

const thinkMsMax = 1_000
const longThinkMsMax = 8_000
const themeChance = 0.4

/** Users, each by itself, with requests drawn by the seed, often in quick succession. */
export class Workload {
  readonly #world: World
  readonly #ports: ClientPorts
  readonly #helper: Client
  readonly #clients: Client[] = []
  readonly #thinkMsMax: number
  readonly #theme: Theme | undefined
  #isOver = false
  #isHelping = false
  #evacuated: ReadonlySet<string> | undefined

  constructor(ports: ClientPorts, isLong: boolean) {
    this.#thinkMsMax = isLong ? longThinkMsMax : thinkMsMax
    this.#world = ports.world
    this.#ports = ports
    const { random, trace } = ports.world
    this.#theme = random.chance(themeChance) ? random.pick(themes) : undefined
    trace.record(`people think of ${this.#theme ?? 'everything'}`)
    this.#helper = clientIn(ports, 'helper')
  }

  get recorder(): Recorder {
    return this.#ports.recorder
  }

  start(): void {
    const { random } = this.#world
    const clients = 2 + random.below(4)
    for (let nth = 1; nth <= clients; nth++) {
      const client = clientIn(this.#ports, `client-${nth}`)
      this.#clients.push(client)
      void this.#work(client)
    }
  }

  /** What clients have seen never happened. */
  forget(): void {
    for (const client of this.#clients) client.seen.clear()
  }

  stop(): void {
    this.#isOver = true
  }

  /** Deletes the pods that a compromised node had at the first call, so that nothing of what it runs is kept. */
  evacuate(node: string): void {
    const all = this.#world.history.objects.list(pods)
    const uids = all.flatMap(({ object: { spec, metadata } }) =>
      spec.nodeName === node ? [metadata.uid ?? ''] : [],
    )
    this.#evacuated ??= new Set(uids)
    if (this.#isHelping) return
    const left = all.find(
      ({ object: { metadata } }) =>
        this.#evacuated?.has(metadata.uid ?? '') && metadata.deletionTimestamp === undefined,
    )
    if (left === undefined) return
    this.#delete(pods, left.object)
  }

  /** An operator who knows that a machine will not return deletes its Node. */
  forsake(machine: string): void {
    const node = this.#world.history.objects.get(nodes, '', machine)?.object
    if (node && !this.#isHelping && !isTerminating(node)) this.#delete(nodes, node)
  }

  /** A pod that was bound while its claim was deleted waits in vain: whoever deleted the claim deletes the pod. */
  endBereft(): void {
    const { objects } = this.#world.history
    if (this.#isHelping) return
    const bereft = objects.list(pods).find(({ object }) => {
      if (!object.spec.nodeName || isTerminating(object)) return false
      return claimsOf(object).some((path) => {
        const claim = objects.get(persistentVolumeClaims, ...namesOf(path))?.object
        return claim === undefined || !isBound(claim)
      })
    })
    if (bereft) this.#delete(pods, bereft.object)
  }

  /** Suspends all CronJobs, so that the cluster can come to rest. */
  suspendCronJobs(): void {
    const { objects } = this.#world.history
    const running = objects.list(cronJobs).find(({ object: { metadata, spec } }) => {
      return !spec.suspend && metadata.deletionTimestamp === undefined
    })
    if (this.#isHelping || running === undefined) return
    const { namespace = '', name } = running.object.metadata
    const ref = { resource: resourceId(cronJobs), namespace, name }
    const token = this.#helper.nextToken()
    const change = { spec: { suspend: true } }
    this.#help(
      this.#helper.ask({ verb: 'patch', ref, token }, patch(ref, 'merge', { token, change })),
    )
  }

  /** Creates what pods name and nobody has created yet, so that each can start. */
  makeMissing(): void {
    const missing = this.#isHelping ? undefined : this.#missing()
    if (missing === undefined) return
    const token = this.#helper.nextToken()
    const { resource, namespace, name } = missing
    const object = (resource === 'secrets' ? secretOf : configMapOf)({ namespace, name }, 'late')
    const asked = { verb: 'create', ref: missing, token } as const
    this.#help(this.#helper.ask(asked, creation(missing, object, token)))
  }

  #delete<T extends KubernetesObject>(resource: Resource<T>, { metadata }: T): void {
    const { namespace = '', name, uid = '' } = metadata
    const ref = { resource: resourceId(resource), namespace, name }
    const precondition = { uid }
    const asked = { verb: 'delete', ref, precondition } as const
    this.#help(this.#helper.ask(asked, deletion(ref, { precondition })))
  }

  /** One after the other. */
  #help(asking: Promise<unknown>): void {
    this.#isHelping = true
    void asking.then(() => {
      this.#isHelping = false
    })
  }

  #missing() {
    const { objects } = this.#world.history
    for (const { object } of objects.list(pods)) {
      const { namespace = '' } = object.metadata
      const home = objects.get(namespaces, '', namespace)?.object
      if (home?.metadata.deletionTimestamp !== undefined) continue
      for (const { configMapRef, secretRef } of object.spec.containers[0]?.envFrom ?? []) {
        const resource = secretRef ? secrets : configMaps
        const name = (secretRef ?? configMapRef)?.name ?? ''
        if (objects.get(resource, namespace, name) === undefined) {
          return { resource: resourceId(resource), namespace, name }
        }
      }
    }
    return undefined
  }

  async #work(client: Client): Promise<void> {
    const { random, timeline } = this.#world
    while (!this.#isOver) {
      await this.#draw(stepsOf(this.#ports, client, this.#theme)).act()
      const thinkMs = random.chance(0.4) ? 0 : random.between(0, this.#thinkMsMax)
      await new Promise<void>((resolve) => timeline.after(thinkMs, resolve))
    }
  }

  #draw(steps: readonly Step[]): Step {
    const { random } = this.#world
    let drawn = random.next() * steps.reduce((sum, { weight }) => sum + weight, 0)
    for (const step of steps) {
      drawn -= step.weight
      if (drawn < 0) return step
    }
    throw new Error('what is drawn is below the sum')
  }
}
