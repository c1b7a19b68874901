/** Kubernetes' times have whole seconds. */
export const secondsOf = (ms: number): string =>
  `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`
