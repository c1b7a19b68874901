/** Does work on one path in turn. */
export type Turns = (path: string, work: () => Promise<void>) => Promise<void>

/**
 * Work on one path in turn: two writers of one volume would take each other's half-written files for old ones, two
 * mounts would lie one on another.
 */
export function createTurns(): Turns {
  const inTurn = new Map<string, Promise<void>>()
  return async (path, work) => {
    const turn = (inTurn.get(path) ?? Promise.resolve()).then(work, work)
    inTurn.set(path, turn)
    try {
      await turn
    } finally {
      if (inTurn.get(path) === turn) inTurn.delete(path)
    }
  }
}
