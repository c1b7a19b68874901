/** What is supposed about a pod, as the API takes it. */
export type Supposition = {
  requests?: Readonly<Record<string, string>>
  nodeSelector?: Readonly<Record<string, string>>
  without?: readonly string[]
  another?: string
}

/** The names in a text that separates them by commas. */
export const supposedIn = (text = ''): readonly string[] =>
  text.split(',').filter((each) => each !== '')

/** What an address supposes: nothing of what it does not name. */
export function suppositionOf(query: Readonly<Record<string, string>>): Supposition {
  const { cpu, memory, selector, another } = query
  const without = supposedIn(query.without)
  const labels = supposedIn(selector).map((label) => {
    const [key = '', value = ''] = label.split('=')
    return [key.trim(), value.trim()] as const
  })
  return {
    ...((cpu || memory) && { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } }),
    ...(labels.length > 0 && { nodeSelector: Object.fromEntries(labels) }),
    ...(without.length > 0 && { without }),
    ...(another && { another }),
  }
}
