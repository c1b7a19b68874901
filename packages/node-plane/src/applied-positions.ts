/** A proxy that has been silent for this long is no longer waited for. */
const silentMsMax = 3_000

/** Which position of the shared wire each proxy has applied, and the lowest among the live ones. */
export class AppliedPositions {
  readonly #proxies = new Map<string, { position: bigint; heardAtMs: number }>()
  /** How many proxies are at each position: there are few positions, however many proxies. */
  readonly #counts = new Map<bigint, number>()

  hear(proxy: string, position: bigint, nowMs: number): void {
    this.#leave(proxy)
    this.#proxies.set(proxy, { position, heardAtMs: nowMs })
    this.#counts.set(position, (this.#counts.get(position) ?? 0) + 1)
  }

  /** Forgets silent proxies. */
  expire(nowMs: number): void {
    for (const [proxy, { heardAtMs }] of this.#proxies) {
      if (nowMs - heardAtMs > silentMsMax) this.#leave(proxy)
    }
  }

  /** Undefined if no proxy is alive. */
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
