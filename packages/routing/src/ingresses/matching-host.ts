/**
 * Which of the known hosts a name is: itself, else the wildcard for its first label, which stands for exactly one, else
 * `*`, which is every name; undefined where it is none of them.
 */
export function matchingHost(isKnown: (host: string) => boolean, name: string): string | undefined {
  const asked = name.toLowerCase()
  return [asked, asked.replace(/^[^.]+/, '*'), '*'].find(isKnown)
}
