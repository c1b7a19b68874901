/**
 * A path as Envoy has it when it compares (`normalize_path`): dots are resolved, and it is percent-encoded as far as it
 * must be and no further. What follows a `?` or `#` is no path.
 */
export function normalPath(text: string): string {
  const plain = text.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code
  })
  const { pathname } = new URL(`http://host${plain.startsWith('/') ? '' : '/'}${plain}`)
  // The one character that Envoy encodes and a URL does not.
  return pathname.replaceAll('|', '%7C')
}
