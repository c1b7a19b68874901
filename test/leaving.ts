const signals = ['SIGINT', 'SIGTERM'] as const
const closings = new Set<() => unknown>()

/** What has to be closed where somebody ends the run by a signal, too; answers how it is taken back once it is. */
export function closeWhenLeaving(close: () => unknown): () => void {
  if (closings.size === 0) for (const signal of signals) process.on(signal, leave)
  closings.add(close)
  return () => {
    closings.delete(close)
    if (closings.size === 0) for (const signal of signals) process.off(signal, leave)
  }
}

const leave = () =>
  void Promise.all([...closings].map((close) => close())).finally(() => process.exit(130))
