/** Whether some bytes begin with others at a place. */
export function hasAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let n = 0; n < wanted.length; n++) if (bytes[at + n] !== wanted[n]) return false
  return true
}

/**
 * Finds the last place before an end where `wanted` is; -1 where it is nowhere. For what is near that end it takes a
 * fraction of `lastIndexOf`, because it does not leave JavaScript, and looks at few of the bytes (as Horspool does).
 */
export function lastFinder(wanted: Uint8Array): (bytes: Uint8Array, end: number) => number {
  // How far it is from the beginning of `wanted` to where it has this byte next.
  const steps = new Uint32Array(256).fill(wanted.length)
  for (let n = wanted.length - 1; n > 0; n--) steps[wanted[n] ?? 0] = n
  return (bytes, end) => {
    let at = end - wanted.length
    while (at >= 0 && !hasAt(bytes, at, wanted)) at -= steps[bytes[at] ?? 0] ?? 1
    return Math.max(at, -1)
  }
}
