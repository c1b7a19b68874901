import type { HostPort } from '@reckon/kubernetes'
import type { Leaving } from '../preempting/leaving.ts'
import type { PlacedPod } from './placed-pod.ts'

/** The pods of each node, by slot, and the host ports that they take. */
export class PodsOnNodes {
  readonly #pods: PlacedPod[][] = []
  /** By slot, where there are any. */
  readonly #hostPorts = new Map<number, string>()

  at(slot: number): PlacedPod[] {
    return [...(this.#pods[slot] ?? [])]
  }

  add(placed: PlacedPod): void {
    while (this.#pods.length <= placed.slot) this.#pods.push([])
    this.#pods[placed.slot]?.push(placed)
    this.#noteHostPorts(placed)
  }

  delete(placed: PlacedPod): void {
    const there = this.#pods[placed.slot]
    there?.splice(there.indexOf(placed), 1)
    this.#noteHostPorts(placed)
  }

  /** The host ports in use, except those of pods that are assumed to be gone. */
  hostPortsAt(slot: number, leaving?: Leaving): HostPort[] {
    return this.at(slot).flatMap((pod) =>
      leaving?.has(pod) ? [] : pod.equal.traits.loadWants.hostPorts,
    )
  }

  /** Equal for slots whose pods use the same host ports. */
  hostPortsText(slot: number): string {
    return this.#hostPorts.get(slot) ?? ''
  }

  /** To be called after a pod was added or removed. */
  #noteHostPorts({ slot, equal }: PlacedPod): void {
    if (equal.traits.loadWants.hostPorts.length === 0) return
    const texts = this.hostPortsAt(slot).map((port) => JSON.stringify(port))
    if (texts.length > 0) this.#hostPorts.set(slot, texts.sort().join())
    else this.#hostPorts.delete(slot)
  }
}
