import { isFinished, type KubernetesObject, type Pod } from '@reckon/kubernetes'
import { identityOf } from '../containers/sandbox-spec.ts'
import type { Known } from '../node/known-objects.ts'
import type { NodeContext } from '../node/node-context.ts'
import { isPassing, type PodIdentity } from '../runtime/runtime.ts'
import type { Eviction } from './eviction.ts'
import { PodLoop } from './pod-loop.ts'

const engineRetryMs = 1_000

/** One loop for each pod of the node, and for each that has left something behind. */
export class PodLoops {
  /** Rejects when a loop breaks; resolves when the signal has aborted and all have ended. */
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

  /** Whether nothing is left of what the node ran and is not to run any more. */
  get isTidy(): boolean {
    return this.#isSearched && this.#loops.values().every((loop) => !loop.isLeaving)
  }

  /** Whether a pod that is to go may still mount the volume of this claim: also one that nobody knows any more. */
  isLeaving(claim: string): boolean {
    const leaving = this.#loops.values().filter((loop) => loop.isLeaving)
    return !this.#isSearched || leaving.some((loop) => loop.mayMount(claim))
  }

  /** Calls the listener once it is known what was left behind, and whenever nothing is left of a pod. */
  onEachEnd(listener: () => void): void {
    this.#onEnd.add(listener)
  }

  /** A pod of the node was told, changed, or is no longer known. */
  change(before: Pod | undefined, after: Known<Pod> | undefined): void {
    const uid = after?.object.metadata.uid
    const old = before?.metadata.uid
    if (old !== undefined && old !== uid) this.#loops.get(old)?.change(undefined)
    if (after === undefined || uid === undefined) return
    const loop = this.#loops.get(uid)
    if (loop !== undefined) loop.change(after)
    // Before it is known which addresses are in use none may be given away.
    else if (this.#isSearched) this.#run(identityOf(after.object), after)
  }

  /** A ConfigMap, Secret or claim has changed. */
  refresh({ metadata: { namespace = '' } }: KubernetesObject): void {
    this.refreshIn(namespace)
  }

  /** Something has changed that pods of the namespace may be made of. */
  refreshIn(namespace: string): void {
    for (const loop of this.#loops.values()) {
      if (loop.pod.namespace === namespace) loop.refresh()
    }
  }

  /** A token of the pod has come, or the next one. */
  refreshPod(podUid: string): void {
    this.#loops.get(podUid)?.refresh()
  }

  /** The node wants to be rid of the pod. */
  evict(podUid: string, eviction: Eviction): void {
    this.#loops.get(podUid)?.evict(eviction)
  }

  /** Something has happened to a pod's containers, or (undefined) to any. */
  look(podUid: string | undefined): void {
    if (podUid !== undefined) this.#loops.get(podUid)?.look()
    else for (const loop of this.#loops.values()) loop.look()
  }

  /**
   * Once, when all pods are known: looks for what the node ran before, adopts what is wanted and takes down what is
   * not, and begins with the rest.
   */
  findOrphans(): void {
    if (this.#isSearching) return
    this.#isSearching = true
    this.#search().catch(this.#fail)
  }

  async #search(): Promise<void> {
    const left = await this.#leftBehind()
    this.#isSearched = true
    // What runs already has its place before anybody new gets one.
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
        // Whoever looked on at them did so through an agent that is gone.
        await runtime.endCommands()
        break
      } catch (error) {
        if (!isPassing(error)) throw error
        await clock.sleep(engineRetryMs, this.#signal)
      }
    }
    return left
  }

  #run(pod: PodIdentity, known: Known<Pod> | undefined): void {
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
