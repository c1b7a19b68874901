import { isFinished, type KubernetesObject, type Pod } from '@reckon/kubernetes'
import { identityOf } from '../containers/sandbox-spec.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { CachedObject } from '../node/object-cache.ts'
import { isPassing, type PodIdentity } from '../runtime/runtime.ts'
import type { Eviction } from './eviction.ts'
import { PodLoop } from './pod-loop.ts'

const engineRetryMs = 1_000

/** The loops of the node's pods, and of pods that have left something behind. */
export class PodLoops {
  /** Rejects when a loop fails; resolves when the signal has aborted and all have ended. */
  readonly ended: Promise<void>
  readonly #node: NodeContext
  readonly #signal: AbortSignal
  readonly #loops = new Map<string, PodLoop>()
  readonly #running = new Set<Promise<void>>()
  readonly #fail: (error: unknown) => void
  readonly #onEnd = new Set<() => void>()
  #isSearching = false
  #isSearched = false

  constructor(node: NodeContext, signal: AbortSignal) {
    this.#node = node
    this.#signal = signal
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.ended = promise
    this.#fail = reject
    const end = () => void Promise.all(this.#running).then(() => resolve(), reject)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  }

  /** Whether nothing remains of pods that must not run here any more. */
  get isTidy(): boolean {
    return this.#isSearched && this.#loops.values().every((loop) => !loop.isLeaving)
  }

  /** Whether a terminating pod, or one that nobody knows any more, may still use the volume of this claim. */
  isLeaving(claim: string): boolean {
    const leaving = this.#loops.values().filter((loop) => loop.isLeaving)
    return !this.#isSearched || leaving.some((loop) => loop.mayMount(claim))
  }

  /** Calls the listener once leftovers are known, and whenever a pod is completely gone. */
  onEachEnd(listener: () => void): void {
    this.#onEnd.add(listener)
  }

  /** A pod of the node was added, changed, or is no longer known. */
  change(before: Pod | undefined, after: CachedObject<Pod> | undefined): void {
    const uid = after?.object.metadata.uid
    const old = before?.metadata.uid
    if (old !== undefined && old !== uid) this.#loops.get(old)?.change(undefined)
    if (after === undefined || uid === undefined) return
    const loop = this.#loops.get(uid)
    if (loop !== undefined) loop.change(after)
    // No address may be assigned before those in use are known.
    else if (this.#isSearched) this.#run(identityOf(after.object), after)
  }

  /** A ConfigMap, Secret or claim has changed. */
  refresh({ metadata: { namespace = '' } }: KubernetesObject): void {
    this.refreshIn(namespace)
  }

  /** Something has changed that pods of the namespace may use. */
  refreshIn(namespace: string): void {
    for (const loop of this.#loops.values()) {
      if (loop.pod.namespace === namespace) loop.refresh()
    }
  }

  /** A token of the pod has arrived. */
  refreshPod(podUid: string): void {
    this.#loops.get(podUid)?.refresh()
  }

  /** Evicts a pod. */
  evict(podUid: string, eviction: Eviction): void {
    this.#loops.get(podUid)?.evict(eviction)
  }

  /** Something has happened to the containers of a pod, or (undefined) of any. */
  look(podUid: string | undefined): void {
    if (podUid !== undefined) this.#loops.get(podUid)?.look()
    else for (const loop of this.#loops.values()) loop.look()
  }

  /**
   * Called once, when all pods are known: finds what ran before, adopts what is wanted, removes what is not, and starts
   * the rest.
   */
  findOrphans(): void {
    if (this.#isSearching) return
    this.#isSearching = true
    this.#search().catch(this.#fail)
  }

  async #search(): Promise<void> {
    const left = await this.#leftBehind()
    this.#isSearched = true
    // Running pods are admitted before new ones.
    for (const { object } of this.#node.known.pods()) {
      if (left.has(object.metadata.uid ?? '') && !isFinished(object.status)) {
        this.#node.admission.adopt(object)
      }
    }
    for (const known of this.#node.known.pods()) this.change(undefined, known)
    for (const pod of left.values()) {
      if (!this.#loops.has(pod.uid)) this.#run(pod, undefined)
    }
    for (const tell of this.#onEnd) tell()
  }

  async #leftBehind(): Promise<ReadonlyMap<string, PodIdentity>> {
    const { runtime, disk, clock } = this.#node.ports
    const left = new Map<string, PodIdentity>()
    while (!this.#signal.aborted) {
      try {
        for (const uid of await disk.pods()) left.set(uid, { uid, namespace: '', name: '' })
        for (const { pod, ip } of await runtime.list()) {
          left.set(pod.uid, pod)
          if (ip !== undefined) this.#node.addresses.adopt(pod.uid, ip)
        }
        // Their clients were connected through an agent that is gone.
        await runtime.endCommands()
        break
      } catch (error) {
        if (!isPassing(error)) throw error
        await clock.sleep(engineRetryMs, this.#signal)
      }
    }
    return left
  }

  #run(pod: PodIdentity, known: CachedObject<Pod> | undefined): void {
    if (this.#signal.aborted) return
    const loop = new PodLoop(this.#node, pod, { known, signal: this.#signal })
    this.#loops.set(pod.uid, loop)
    const running = loop.run().then(() => {
      this.#loops.delete(pod.uid)
      this.#running.delete(running)
      if (loop.again !== undefined) this.#run(pod, loop.again)
      for (const tell of this.#onEnd) tell()
    })
    running.catch(this.#fail)
    this.#running.add(running)
  }
}
