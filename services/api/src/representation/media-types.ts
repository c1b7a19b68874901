export type MediaType = { type: string; parameters: Readonly<Record<string, string>> }

/** The media types of an Accept header, most preferred first. */
function mediaTypes(accept: string): MediaType[] {
  const types = accept.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
    const parameters = rest.map((piece) => {
      const [name = '', value = ''] = piece.split('=')
      return [name, value] as const
    })
    return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) }
  })
  return types.sort((a, b) => weightOf(b) - weightOf(a))
}

/** The `q` weight (RFC 9110, 12.4.2); a malformed one counts as 1. */
function weightOf({ parameters: { q = '1' } }: MediaType): number {
  const weight = Number(q)
  return Number.isNaN(weight) ? 1 : weight
}

/** The forms in which objects are represented. */
const served = new Set(['application/json', '*/*', 'application/*', 'application/yaml'])

/** Those in which answers are served. */
export const servedTypes = (accept = '*/*'): MediaType[] =>
  mediaTypes(accept).filter(({ type, parameters: { q } }) => served.has(type) && Number(q) !== 0)

/** Whether the client wants YAML. */
export const asksForYaml = (accept = ''): boolean =>
  accept.includes('yaml') && servedTypes(accept)[0]?.type === 'application/yaml'
