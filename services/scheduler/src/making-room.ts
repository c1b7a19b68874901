/** Pods that wait for their victims to leave. They are not decided again before, because that would preempt more. */
export class MakingRoom {
  /** The victims that are not leaving yet, by the uid of the pod that needs the room. */
  readonly #standing = new Map<string, Set<string>>()
  /** The pods whose turn came meanwhile. */
  readonly #missed = new Set<string>()
  /** The pods with victims that do not leave. */
  readonly #inVain = new Set<string>()

  begin(uid: string, victims: readonly string[]): void {
    this.end(uid)
    if (victims.length > 0) this.#standing.set(uid, new Set(victims))
  }

  /** The pod waits for nobody any more. */
  end(uid: string): void {
    this.#missed.delete(uid)
    this.#inVain.delete(uid)
    this.#standing.delete(uid)
  }

  /**
   * A victim does not leave: the pod stops waiting, but is still tried once all have left. Returns whether it was
   * waiting.
   */
  giveUp(uid: string): boolean {
    if (!this.#standing.has(uid)) return false
    this.#missed.add(uid)
    this.#inVain.add(uid)
    return true
  }

  /** Whether the pod must wait; if so, it is tried when the wait is over. */
  isHeld(uid: string): boolean {
    if (!this.#standing.has(uid) || this.#inVain.has(uid)) return false
    this.#missed.add(uid)
    return true
  }

  /** A pod is leaving or gone; returns the pods that need not wait any more and have missed a turn. */
  goes(victim: string): string[] {
    const due: string[] = []
    for (const [uid, standing] of this.#standing) {
      if (!standing.delete(victim) || standing.size > 0) continue
      if (this.#missed.has(uid)) due.push(uid)
      this.end(uid)
    }
    return due
  }
}
