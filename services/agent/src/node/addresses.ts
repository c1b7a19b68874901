import { nextAddress } from './ipam.ts'

/** The addresses of the node's pods. */
export class Addresses {
  readonly #ofPod = new Map<string, string>()
  #last: string | undefined

  /** The pod's address, or a new one from the node's range; undefined when all are in use. */
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

  /**
   * Records the address of an existing container, unless another pod has it: an engine may finish creating a sandbox
   * after the agent that asked for it was killed, and its successor has given the address away by then.
   */
  adopt(podUid: string, address: string): void {
    if (this.#ofPod.get(podUid) === address || this.#isTaken(address)) return
    this.#ofPod.set(podUid, address)
    this.#last = address
  }

  release(podUid: string): void {
    this.#ofPod.delete(podUid)
  }

  #isTaken(address: string): boolean {
    return this.#ofPod.values().some((each) => each === address)
  }
}
