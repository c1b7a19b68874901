export type MediaType = { type: string; parameters: Readonly<Record<string, string>> }

/** The media types of an Accept header, in its order. */
export function mediaTypes(accept: string): MediaType[] {
  return accept.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
    const parameters = rest.map((piece) => {
      const [name = '', value = ''] = piece.split('=')
      return [name, value] as const
    })
    return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) }
  })
}
