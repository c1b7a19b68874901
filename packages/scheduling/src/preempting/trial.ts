import { topologyRejection } from '../placing/judge.ts'
import type { PodClass } from '../placing/pod-class.ts'
import type { Rejection, Rejections } from '../placing/rejections.ts'
import type { PlacedPod } from '../state/placed-pod.ts'
import { Leaving } from './leaving.ts'
import type { WithoutPods } from './unplaced.ts'

/**
 * Judges a node, for a class of pods, as if some of its pods were gone, with the same plugins that place pods. The
 * class's counts are modified meanwhile, until this is disposed of.
 */
export class Trial implements WithoutPods {
  readonly #podClass: PodClass
  readonly #rejections: Rejections
  readonly #slot: number
  readonly #leaving = new Leaving()
  readonly #left = new Set<PlacedPod>()

  constructor(podClass: PodClass, rejections: Rejections, slot: number) {
    this.#podClass = podClass
    this.#rejections = rejections
    this.#slot = slot
  }

  leave(pod: PlacedPod): void {
    this.#left.add(pod)
    this.#leaving.add(pod)
    this.#count(pod, -1)
  }

  stay(pod: PlacedPod): void {
    this.#left.delete(pod)
    this.#leaving.delete(pod)
    this.#count(pod, 1)
  }

  get rejection(): Rejection | undefined {
    const { ranking, rules } = this.#podClass
    const ofLoad = ranking.judge.rejectionAt(this.#slot, this.#leaving)
    if (ofLoad !== undefined || rules.length === 0) return ofLoad
    return topologyRejection(this.#podClass.groupAt(this.#slot), this.#podClass, this.#rejections)
  }

  [Symbol.dispose](): void {
    for (const pod of this.#left) this.#count(pod, 1)
  }

  #count({ equal }: PlacedPod, by: 1 | -1): void {
    for (const sums of this.#podClass.sums) {
      if (equal.raises(sums.counter)) sums.adjust(this.#slot, by)
    }
  }
}
