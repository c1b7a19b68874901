/** What the kernel says of the machine's network; undefined where that is not known. */
type Look = () => Promise<string | undefined>

/**
 * Calls `settle` only where the kernel no longer says what the last one left. That is known when a settling has changed
 * nothing: what it leaves after a change may already be somebody else's doing, and the next one looks at that.
 */
export function settleWhereChanged(look: Look, settle: () => Promise<void>): () => Promise<void> {
  let settled: string | undefined
  return async () => {
    const before = await look()
    if (before !== undefined && before === settled) return
    settled = undefined
    await settle()
    if ((await look()) === before) settled = before
  }
}
