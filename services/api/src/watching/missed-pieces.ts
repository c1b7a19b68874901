import type { FollowedChanges } from './followed-changes.ts'
import { seenChange } from './seen-change.ts'
import { type Piece, piecesOf } from './watch-lines.ts'
import type { WatchedChange } from './watched-change.ts'
import type { Watcher } from './watcher.ts'

/** How many changes are read from the log before they are sent. */
const replayedTogether = 64

/**
 * What a watcher has missed up to a position: from memory or, for a watcher that lags further behind, from the log. So
 * nothing is kept in memory for a slow watcher.
 */
export async function* missedPieces(
  followed: FollowedChanges,
  watcher: Watcher,
  upTo: bigint,
): AsyncGenerator<Piece> {
  const after = watcher.reached
  const remembered = followed.after(after)
  if (remembered !== undefined) {
    yield* seenPieces(watcher, remembered, upTo)
    return
  }
  let replayed: WatchedChange[] = []
  for await (const change of followed.replayed({ after, upTo })) {
    if (replayed.push(change) < replayedTogether) continue
    yield* seenPieces(watcher, replayed, change.position)
    replayed = []
  }
  yield* seenPieces(watcher, replayed, upTo)
}

function seenPieces(
  { selection, representation }: Watcher,
  changes: readonly WatchedChange[],
  upTo: bigint,
): Iterable<Piece> {
  const seen = changes.values().flatMap((change) => {
    const one = seenChange(change, selection)
    return one === undefined ? [] : [one]
  })
  return piecesOf(seen, representation, upTo)
}
