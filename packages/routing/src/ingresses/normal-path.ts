/**
 * A path as Envoy normalizes it for comparison (`normalize_path`): dot segments are resolved, and only what must be is
 * percent-encoded. A query or fragment is removed.
 */
export function normalPath(text: string): string {
  const plain = text.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code
  })
  const { pathname } = new URL(`http://host${plain.startsWith('/') ? '' : '/'}${plain}`)
  // The only character that Envoy encodes and a URL does not.
  return pathname.replaceAll('|', '%7C')
}
