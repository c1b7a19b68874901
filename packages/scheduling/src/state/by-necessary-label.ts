import type { Selector } from '@reckon/kubernetes'
import { labelTexts, necessaryLabel } from './necessary-label.ts'

type Labels = Readonly<Record<string, string>>

/**
 * An index of things by their selectors: for an object, only those need to be looked at that may select it. So
 * thousands of apps whose selectors name their own pods are not compared with each other.
 */
export class ByNecessaryLabel<T> {
  readonly #anyway: T[] = []
  readonly #byLabel = new Map<string, T[]>()

  add(selector: Selector, thing: T): void {
    const label = necessaryLabel(selector)
    const bucket = label === undefined ? this.#anyway : this.#bucketOf(label)
    bucket.push(thing)
  }

  /** The things whose selector may match an object with these labels. The arrays grow, and keep their order. */
  bucketsFor(labels: Labels): (readonly T[])[] {
    return [this.#anyway, ...labelTexts(labels).map((label) => this.#bucketOf(label))]
  }

  #bucketOf(label: string): T[] {
    const known = this.#byLabel.get(label) ?? []
    this.#byLabel.set(label, known)
    return known
  }
}
