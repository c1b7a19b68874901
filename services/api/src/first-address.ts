/** The first address of a range, `10.96.0.1` of `10.96.0.0/16`. */
export function firstAddress(cidr: string): string {
  const bytes = (cidr.split('/')[0] ?? '').split('.').map(Number)
  return [...bytes.slice(0, 3), (bytes[3] ?? 0) + 1].join('.')
}
