/** As a kubelet renews its Lease: at a quarter of the time after which it counts as silent, 10 s at most. */
const shareOfGrace = 0.25
const secondsMax = 10
const secondsMin = 1

/** How often the nodes of a cluster send heartbeats, by its grace time: several may be lost before one counts as silent. */
export const heartbeatSecondsFor = (graceSeconds: number): number =>
  Math.max(secondsMin, Math.min(Math.floor(graceSeconds * shareOfGrace), secondsMax))
