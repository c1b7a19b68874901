import type { Selector } from '@reckon/kubernetes'
import { labelTexts, necessaryLabel } from './necessary-label.ts'

type Labels = Readonly<Record<string, string>>

/**
 * What goes by selectors, so that for an object only those are looked at that may select it: thousands of apps whose
 * selectors name their own pods are not compared each with each.
 */
export class ByNecessaryLabel<T> {
  readonly #anyway: T[] = []
  readonly #byLabel = new Map<string, T[]>()

  add(selector: Selector, thing: T): void {
    const label = necessaryLabel(selector)
    const bucket = label === undefined ? this.#anyway : this.#bucketOf(label)
    bucket.push(thing)
  }

  /** Those whose selector may hold for an object with such labels. They grow, and keep their order. */
  bucketsFor(labels: Labels): (readonly T[])[] {
    return [this.#anyway, ...labelTexts(labels).map((label) => this.#bucketOf(label))]
  }

  #bucketOf(label: string): T[] {
    const known = this.#byLabel.get(label) ?? []
    this.#byLabel.set(label, known)
    return known
  }
}
