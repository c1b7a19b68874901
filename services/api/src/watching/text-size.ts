/** How much text a JSON value is, about: what its names and strings hold, and a little for everything else. */
export function textSizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3
  if (typeof value !== 'object' || value === null) return 5
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += textSizeOf(item)
  else for (const [name, item] of Object.entries(value)) size += name.length + 3 + textSizeOf(item)
  return size
}
