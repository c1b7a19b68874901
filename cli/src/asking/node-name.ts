/** Parses `node/node-2` or `node-2`, as kubectl does; throws where it names something else. */
export function nodeNameFrom(text: string): string {
  const [, name] = /^(?:(?:nodes?|no)\/)?([^/]+)$/i.exec(text) ?? []
  if (name !== undefined) return name
  throw new Error(`"${text}" names no node; name one as in node/node-2`)
}
