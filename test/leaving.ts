const signals = ['SIGINT', 'SIGTERM'] as const
const closings = new Set<() => unknown>()

/** Registers what must be closed even where a signal ends the run; returns a function that unregisters it. */
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
