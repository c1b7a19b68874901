import type { Clock, Ids } from '@reckon/eventing/bus'
import {
  type ContainerSpec,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  sandboxName,
} from '../runtime/runtime.ts'
import { ChangedPods } from './changed-pods.ts'

/**
 * The containers and sandboxes of a simulated machine with their specifications; watchers are notified of each change.
 */
export class SimulatedContainers {
  readonly changes = new ChangedPods()
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #seen = new Map<string, SeenContainer>()
  readonly #specs = new Map<string, ContainerSpec>()

  constructor({ clock, ids }: { clock: Clock; ids: Ids }) {
    this.#clock = clock
    this.#ids = ids
  }

  all(): SeenContainer[] {
    return [...this.#seen.values()]
  }

  get(id: string): SeenContainer | undefined {
    return this.#seen.get(id)
  }

  find(is: (seen: SeenContainer) => boolean): SeenContainer | undefined {
    return this.#seen.values().find(is)
  }

  isRunning(id: string): boolean {
    return this.get(id)?.state === 'Running'
  }

  /** The specification of a container; undefined for a sandbox. */
  specOf(id: string): ContainerSpec | undefined {
    return this.#specs.get(id)
  }

  startSandbox(spec: SandboxSpec): string {
    const isTaken = ({ state, ip }: SeenContainer) =>
      state === 'Running' && spec.ip !== undefined && ip === spec.ip
    if (this.find(isTaken)) throw new RuntimeRefusal('Address already in use')
    const seen = this.#begun(spec, sandboxName)
    return this.#set({ ...seen, ...(spec.ip === undefined ? {} : { ip: spec.ip }) })
  }

  start(spec: ContainerSpec): string {
    const { sandboxId, container } = spec
    if (!this.isRunning(sandboxId)) {
      throw new RuntimeRefusal(`cannot join network of a non running container: ${sandboxId}`)
    }
    const seen = { ...this.#begun(spec, container), sandboxId }
    this.#specs.set(seen.id, spec)
    return this.#set(seen)
  }

  /** Ends a container, unless it is gone or has ended. */
  end(id: string, exitCode: number): void {
    const seen = this.#seen.get(id)
    if (seen?.state !== 'Running') return
    this.#set({ ...seen, state: 'Exited', exitCode, finishedAtMs: this.#clock.now() })
  }

  remove(id: string): void {
    const seen = this.#seen.get(id)
    this.#seen.delete(id)
    this.#specs.delete(id)
    if (seen !== undefined) this.changes.changed(seen.pod.uid)
  }

  #set(seen: SeenContainer): string {
    this.#seen.set(seen.id, seen)
    this.changes.changed(seen.pod.uid)
    return seen.id
  }

  #begun(spec: SandboxSpec | ContainerSpec, container: string): SeenContainer {
    const id = this.#ids.next()
    const { pod, attempt, image } = spec
    const same = this.find(
      (each) =>
        each.pod.uid === pod.uid && each.container === container && each.attempt === attempt,
    )
    if (same) {
      throw new RuntimeRefusal(`container name of ${container} is already in use by ${same.id}`)
    }
    return {
      id,
      pod,
      container,
      attempt,
      sandboxId: id,
      state: 'Running',
      image,
      imageId: `sha256:${image}`,
      startedAtMs: this.#clock.now(),
      exitCode: 0,
      outOfMemory: false,
    }
  }
}
