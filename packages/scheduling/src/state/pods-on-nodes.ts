import type { HostPort } from '@reckon/kubernetes'
import type { Leaving } from '../preempting/leaving.ts'
import type { PlacedPod } from './placed-pod.ts'

/** The pods of each node, by slot, and the host ports that they take. */
export class PodsOnNodes {
  readonly #pods = new Map<number, Map<string, PlacedPod>>()
  /** Where there are any. */
  readonly #hostPorts = new Map<number, string>()

  at(slot: number): PlacedPod[] {
    return [...(this.#pods.get(slot)?.values() ?? [])]
  }

  add(placed: PlacedPod): void {
    const { uid, slot } = placed
    const there = this.#pods.get(slot) ?? new Map<string, PlacedPod>()
    this.#pods.set(slot, there.set(uid, placed))
    this.#noteHostPorts(placed)
  }

  delete(placed: PlacedPod): void {
    const there = this.#pods.get(placed.slot)
    there?.delete(placed.uid)
    if (there?.size === 0) this.#pods.delete(placed.slot)
    this.#noteHostPorts(placed)
  }

  /** Those that the pods take, but for the ones that are assumed to be gone. */
  hostPortsAt(slot: number, leaving?: Leaving): HostPort[] {
    return this.at(slot).flatMap((pod) =>
      leaving?.has(pod) ? [] : pod.equal.traits.loadWants.hostPorts,
    )
  }

  /** Equal for slots whose pods take the same host ports. */
  hostPortsText(slot: number): string {
    return this.#hostPorts.get(slot) ?? ''
  }

  /** After a pod came or went. */
  #noteHostPorts({ slot, equal }: PlacedPod): void {
    if (equal.traits.loadWants.hostPorts.length === 0) return
    const texts = this.hostPortsAt(slot).map((port) => JSON.stringify(port))
    if (texts.length > 0) this.#hostPorts.set(slot, texts.sort().join())
    else this.#hostPorts.delete(slot)
  }
}
