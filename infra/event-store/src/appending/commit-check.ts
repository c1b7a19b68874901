/** What the writer expects of the stream. */
export type ExpectedRevision = number | 'Any' | 'NoStream' | 'StreamExists'

/** What the check needs to know of a stream; `lastRevision` is -1 where there is no event. */
export interface StreamHistory {
  readonly lastRevision: number
  readonly deleted: 'No' | 'Soft' | 'Hard'
  /** Called only where there is no event, because it reads the store. */
  hasMetadata(): boolean
  /** The revision of a recent event of this stream, by its id. */
  recentRevisionOf(id: Buffer): number | undefined
  /** The id of the event at a revision, if it is still there. */
  idAt(revision: number): Buffer | undefined
}

/** The result; `current` is the last revision, -1 where there is no event. */
export type CommitCheck =
  | { readonly type: 'Append' }
  | { readonly type: 'AlreadyRecorded'; readonly lastRevision: number }
  | { readonly type: 'WrongExpectedVersion'; readonly current: number }
  | { readonly type: 'StreamDeleted' }

const append: CommitCheck = { type: 'Append' }

/**
 * Whether events with these ids may be appended now, were already, or are refused. The order of the checks is
 * EventStoreDB's, so that a repeated append gets its first answer.
 */
export function checkCommit(
  expected: ExpectedRevision,
  ids: readonly Buffer[],
  history: StreamHistory,
): CommitCheck {
  if (history.deleted === 'Hard') return { type: 'StreamDeleted' }
  if (expected === 'StreamExists') {
    if (history.deleted === 'Soft') return { type: 'StreamDeleted' }
    if (history.lastRevision < 0 && !history.hasMetadata()) return wrong(history)
  }
  if (expected === 'Any' || expected === 'StreamExists') return checkUnpinned(ids, history)
  return checkPinned(expected === 'NoStream' ? -1 : expected, ids, history)
}

/** Without an expected revision, only the recent ids can tell a repetition. */
function checkUnpinned(ids: readonly Buffer[], history: StreamHistory): CommitCheck {
  const first = ids[0]
  if (first === undefined || history.recentRevisionOf(first) === undefined) return append
  let lastRevision = -1
  for (const id of ids) {
    const revision = history.recentRevisionOf(id)
    if (revision === undefined) return wrong(history)
    lastRevision = Math.max(lastRevision, revision)
  }
  return { type: 'AlreadyRecorded', lastRevision }
}

/** After the expected revision there are either exactly these events, or somebody else's. */
function checkPinned(
  expected: number,
  ids: readonly Buffer[],
  history: StreamHistory,
): CommitCheck {
  if (expected === history.lastRevision) return append
  if (expected > history.lastRevision) return wrong(history)
  const same = ids.every((id, index) => history.idAt(expected + 1 + index)?.equals(id) === true)
  if (same) return { type: 'AlreadyRecorded', lastRevision: expected + ids.length }
  return expected === -1 && history.deleted === 'Soft' ? append : wrong(history)
}

function wrong(history: StreamHistory): CommitCheck {
  return { type: 'WrongExpectedVersion', current: history.lastRevision }
}
