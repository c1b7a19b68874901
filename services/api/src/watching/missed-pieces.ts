import type { FollowedChanges } from './followed-changes.ts'
import { seenChange } from './seen-change.ts'
import { type Piece, piecesOf } from './watch-lines.ts'
import type { WatchedChange } from './watched-change.ts'
import type { Watcher } from './watcher.ts'

/** So many changes are read from the log before they are told. */
const replayedTogether = 64

/**
 * What a watcher was not told yet of what happened up to a position. Who lags behind what is remembered gets it from
 * the log, so however slow it is, nothing is kept for it.
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
