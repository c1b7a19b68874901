/**
 * Which of the known hosts a name is: itself, else the wildcard for its first label, which stands for exactly one, else
 * `*`, which is every name; undefined where it is none of them.
 */
export function matchingHost(isKnown: (host: string) => boolean, name: string): string | undefined {
  return hostsFor(name).find(isKnown)
}

/** The hosts of rules that mean a name, the narrowest first. */
export function hostsFor(name: string): readonly string[] {
  const asked = name.toLowerCase()
  return [asked, asked.replace(/^[^.]+/, '*'), '*']
}
