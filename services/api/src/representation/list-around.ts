/** A list's JSON before and after its items. */
export function listAround(
  head: object,
  items: 'items' | 'rows',
): { before: Buffer; after: Buffer } {
  const text = JSON.stringify(head)
  return { before: Buffer.from(`${text.slice(0, -1)},"${items}":[`), after: Buffer.from(']}') }
}
