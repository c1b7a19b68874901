/** A proxy that was not heard for so long is not waited for. */
const silentMsMax = 3_000

/** Which position of the shared wire each proxy has applied, and the lowest of those that live. */
export class AppliedPositions {
  readonly #proxies = new Map<string, { position: bigint; heardAtMs: number }>()
  /** How many proxies are at each position: these are few, however many proxies there are. */
  readonly #counts = new Map<bigint, number>()

  hear(proxy: string, position: bigint, nowMs: number): void {
    this.#leave(proxy)
    this.#proxies.set(proxy, { position, heardAtMs: nowMs })
    this.#counts.set(position, (this.#counts.get(position) ?? 0) + 1)
  }

  /** Forgets who has fallen silent. */
  expire(nowMs: number): void {
    for (const [proxy, { heardAtMs }] of this.#proxies) {
      if (nowMs - heardAtMs > silentMsMax) this.#leave(proxy)
    }
  }

  /** Undefined where no proxy lives. */
  lowest(): bigint | undefined {
    let lowest: bigint | undefined
    for (const position of this.#counts.keys()) {
      if (lowest === undefined || position < lowest) lowest = position
    }
    return lowest
  }

  #leave(proxy: string): void {
    const known = this.#proxies.get(proxy)
    if (known === undefined) return
    this.#proxies.delete(proxy)
    const left = (this.#counts.get(known.position) ?? 1) - 1
    if (left === 0) this.#counts.delete(known.position)
    else this.#counts.set(known.position, left)
  }
}
