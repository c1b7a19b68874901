/**
 * The pods for which others have to go, until all of these are seen to go: decided again before, they would drive away some
 * more.
 */
export class MakingRoom {
  /** The victims that still stand as if nothing were, by the uid of the pod that needs the room. */
  readonly #standing = new Map<string, Set<string>>()
  /** Whose turn came meanwhile. */
  readonly #missed = new Set<string>()

  begin(uid: string, victims: readonly string[]): void {
    if (victims.length > 0) this.#standing.set(uid, new Set(victims))
  }

  /** Nobody goes for the pod any more; answers whether it waited for somebody. */
  end(uid: string): boolean {
    this.#missed.delete(uid)
    return this.#standing.delete(uid)
  }

  /** Whether the pod has to wait; then its turn comes when it need not any more. */
  isHeld(uid: string): boolean {
    if (!this.#standing.has(uid)) return false
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
