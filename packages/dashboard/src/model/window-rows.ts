/** Which rows are seen, with some around them; from the first to before the last. */
export type RowWindow = { readonly first: number; readonly end: number }

/** Rows above and below what is seen, so that a step of the wheel shows no gap. */
const around = 8

/** Of so many rows of one height those that a box shows; `top` is how far its upper edge is below the first row's. */
export function windowOf(
  count: number,
  { top, height, rowHeight }: { top: number; height: number; rowHeight: number },
): RowWindow {
  const first = Math.max(0, Math.floor(top / rowHeight) - around)
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + around)
  return { first: Math.min(first, Math.max(0, end)), end: Math.max(0, end) }
}
