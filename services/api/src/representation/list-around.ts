/** A list's JSON before its items and after them. */
export function listAround(
  head: object,
  items: 'items' | 'rows',
): { before: Buffer; after: Buffer } {
  const text = JSON.stringify(head)
  return { before: Buffer.from(`${text.slice(0, -1)},"${items}":[`), after: Buffer.from(']}') }
}
