export type MediaType = { type: string; parameters: Readonly<Record<string, string>> }

/** The media types of an Accept header, the one that is wanted most first. */
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

/** RFC 9110, 12.4.2; what is no number weighs nothing less. */
function weightOf({ parameters: { q = '1' } }: MediaType): number {
  const weight = Number(q)
  return Number.isNaN(weight) ? 1 : weight
}

/** In which forms objects are told. */
const served = new Set(['application/json', '*/*', 'application/*', 'application/yaml'])

/** Those of them in which answers are served. */
export const servedTypes = (accept = '*/*'): MediaType[] =>
  mediaTypes(accept).filter(({ type, parameters: { q } }) => served.has(type) && Number(q) !== 0)

/** Whether somebody wants to be answered in YAML. */
export const asksForYaml = (accept = ''): boolean =>
  accept.includes('yaml') && servedTypes(accept)[0]?.type === 'application/yaml'
