/** A kind that is served, as discovery tells it. */
export type Kind = {
  /** `pods`, `deployments.apps`: what links call it. */
  readonly id: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly kind: string
  readonly group: string
  /** `api/v1`, `apis/apps/v1`. */
  readonly root: string
  readonly isNamespaced: boolean
}

/** Aggregated discovery (apidiscovery.k8s.io/v2), as far as it is read. */
export type DiscoveryAnswer = {
  items?: {
    metadata?: { name?: string }
    versions?: {
      version: string
      resources?: {
        resource: string
        scope: string
        singularResource?: string
        shortNames?: string[]
        responseKind?: { kind?: string }
        verbs?: string[]
      }[]
    }[]
  }[]
}

/** Every kind that can be listed, each in the first version that its group prefers. */
export function kindsIn({ items = [] }: DiscoveryAnswer): readonly Kind[] {
  const found = new Map<string, Kind>()
  for (const { metadata, versions = [] } of items) {
    const group = metadata?.name ?? ''
    for (const { version, resources = [] } of versions) {
      for (const each of resources) {
        if (!each.verbs?.includes('list')) continue
        const id = group === '' ? each.resource : `${each.resource}.${group}`
        if (found.has(id)) continue
        found.set(id, {
          ...{ id, plural: each.resource, group },
          singular: each.singularResource ?? '',
          shortNames: each.shortNames ?? [],
          kind: each.responseKind?.kind ?? each.resource,
          root: group === '' ? `api/${version}` : `apis/${group}/${version}`,
          isNamespaced: each.scope === 'Namespaced',
        })
      }
    }
  }
  return [...found.values()]
}

/** The kind that somebody names as for kubectl: `po`, `pod`, `Pod`, `deployments`, `deployments.apps`. */
export function kindNamed(kinds: readonly Kind[], name: string): Kind | undefined {
  // Discovery leaves the singular of some kinds empty.
  if (name === '') return undefined
  const wanted = name.toLowerCase()
  const isCalled = ({ id, plural, singular, shortNames, kind }: Kind) =>
    [id, plural, singular, kind.toLowerCase(), ...shortNames].includes(wanted)
  return kinds.find(({ id }) => id === wanted) ?? kinds.find(isCalled)
}

/** What many of a kind are called: `StatefulSets`, `Ingresses`, `NetworkPolicies`, `Endpoints`. */
export function titleOf({ kind, plural }: Pick<Kind, 'kind' | 'plural'>): string {
  if (kind.toLowerCase() === plural) return kind
  if (kind.endsWith('s')) return `${kind}es`
  return plural.endsWith('ies') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}

/** Where objects of a kind are, below the base of a moment; of all namespaces where none is named. */
export function pathOf(
  { root, plural, isNamespaced }: Pick<Kind, 'root' | 'plural' | 'isNamespaced'>,
  namespace = '',
  name = '',
): string {
  const where = isNamespaced && namespace ? `namespaces/${encodeURIComponent(namespace)}/` : ''
  return `${root}/${where}${plural}${name && `/${encodeURIComponent(name)}`}`
}
