/**
 * The pods for which others have to go, until all of these are seen to go: decided again before, they would drive away
 * some more.
 */
export class MakingRoom {
  /** The victims that still stand as if nothing were, by the uid of the pod that needs the room. */
  readonly #standing = new Map<string, Set<string>>()
  /** Whose turn came meanwhile. */
  readonly #missed = new Set<string>()
  /** Who has victims that do not go. */
  readonly #inVain = new Set<string>()

  begin(uid: string, victims: readonly string[]): void {
    this.end(uid)
    if (victims.length > 0) this.#standing.set(uid, new Set(victims))
  }

  /** Nobody goes for the pod any more. */
  end(uid: string): void {
    this.#missed.delete(uid)
    this.#inVain.delete(uid)
    this.#standing.delete(uid)
  }

  /**
   * Somebody does not go: the pod has to wait no longer, and yet has its turn once all went. Answers whether it waited.
   */
  giveUp(uid: string): boolean {
    if (!this.#standing.has(uid)) return false
    this.#missed.add(uid)
    this.#inVain.add(uid)
    return true
  }

  /** Whether the pod has to wait; then its turn comes when it need not any more. */
  isHeld(uid: string): boolean {
    if (!this.#standing.has(uid) || this.#inVain.has(uid)) return false
    this.#missed.add(uid)
    return true
  }

  /** A pod goes, or is gone; answers who need not wait any more and has missed a turn. */
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
