import type { KubernetesObject } from '@reckon/kubernetes'
import type { ListItem } from '../representation/answer.ts'

/** Collects the first matching objects up to a limit (0: all), and whether these are all there are. */
export class FirstMatching {
  readonly items: ListItem[] = []
  isEnd = true
  readonly #matches: ((object: KubernetesObject) => boolean) | undefined
  readonly #limit: number

  /** Without `matches` every object does, and none is parsed for it. */
  constructor(matches: ((object: KubernetesObject) => boolean) | undefined, limit?: number) {
    this.#matches = matches
    this.#limit = limit || Number.POSITIVE_INFINITY
  }

  /** Returns whether more are wanted. */
  take(all: Iterable<ListItem>): boolean {
    for (const item of all) {
      if (!this.#add(item)) return false
    }
    return true
  }

  /** Reads batches from an async source until the limit is reached. */
  async takeComing(all: AsyncIterable<readonly ListItem[]>): Promise<void> {
    for await (const some of all) {
      if (!this.take(some)) return
    }
  }

  #add(item: ListItem): boolean {
    if (this.#matches && !this.#matches(item.object)) return true
    this.isEnd = this.items.length < this.#limit
    if (this.isEnd) this.items.push(item)
    return this.isEnd
  }
}
