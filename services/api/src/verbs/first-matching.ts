import type { StoredObject } from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'

/** Collects the first matching objects up to a limit (0: all), and whether these are all there are. */
export class FirstMatching {
  readonly objects: KubernetesObject[] = []
  isEnd = true
  readonly #matches: (object: KubernetesObject) => boolean
  readonly #limit: number

  constructor(matches: (object: KubernetesObject) => boolean, limit?: number) {
    this.#matches = matches
    this.#limit = limit || Number.POSITIVE_INFINITY
  }

  take(all: Iterable<StoredObject>): void {
    for (const stored of all) {
      if (!this.#add(stored)) return
    }
  }

  /** Reads objects from an async source until the limit is reached. */
  async takeComing(all: AsyncIterable<StoredObject>): Promise<void> {
    for await (const stored of all) {
      if (!this.#add(stored)) return
    }
  }

  /** Whether more are wanted. */
  #add({ object }: StoredObject): boolean {
    if (!this.#matches(object)) return true
    this.isEnd = this.objects.length < this.#limit
    if (this.isEnd) this.objects.push(object)
    return this.isEnd
  }
}
