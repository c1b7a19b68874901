import { nextAddress } from './ipam.ts'

/** Which pod of the node has which address. */
export class Addresses {
  readonly #ofPod = new Map<string, string>()
  #last: string | undefined

  /** The pod's address: the one that it has, or a new one of the node's range. Undefined when all are taken. */
  allot(podUid: string, podCidr: string): string | undefined {
    const own = this.#ofPod.get(podUid)
    if (own !== undefined) return own
    const address = nextAddress(podCidr, new Set(this.#ofPod.values()), this.#last)
    if (address !== undefined) this.adopt(podUid, address)
    return address
  }

  of(podUid: string): string | undefined {
    return this.#ofPod.get(podUid)
  }

  /** Remembers what an existing container uses. */
  adopt(podUid: string, address: string): void {
    this.#ofPod.set(podUid, address)
    this.#last = address
  }

  release(podUid: string): void {
    this.#ofPod.delete(podUid)
  }
}
