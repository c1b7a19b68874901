/**
 * The known host that a name matches: itself, else the wildcard for its first label, else `*`; undefined where there is
 * none.
 */
export function matchingHost(isKnown: (host: string) => boolean, name: string): string | undefined {
  return hostsFor(name).find(isKnown)
}

/** The hosts that a name may match, most specific first. */
export function hostsFor(name: string): readonly string[] {
  const asked = name.toLowerCase()
  return [asked, asked.replace(/^[^.]+/, '*'), '*']
}
