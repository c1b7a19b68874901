import { resources } from '@reckon/kubernetes'
import { type WorkloadName, workloadResources } from '@reckon/scheduling'

/** `deployment/web`, `deploy/web`, `po/web-1`, as kubectl takes them; undefined where it names nothing that makes pods. */
export function workloadNameOf(text: string, namespace: string): WorkloadName | undefined {
  const [, type = 'pod', name = ''] = /^(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? []
  const named = type.toLowerCase()
  const [plural = '', ...group] = named.split('.')
  const found = workloadResources.find(
    (each) =>
      [each.plural, each.singular, ...each.shortNames].includes(plural) &&
      (group.length === 0 || group.join('.') === each.group),
  )
  return found && name !== '' ? { kind: found.kind, namespace, name } : undefined
}

/** The same; throws naming what it may be. */
export function workloadNameFrom(text: string, namespace: string): WorkloadName {
  const found = workloadNameOf(text, namespace)
  if (found) return found
  const [type = ''] = text.split('/')
  const isKnown = resources.some(({ plural, singular, shortNames }) =>
    [plural, singular, ...shortNames].includes(type),
  )
  const kinds = workloadResources.map(({ singular }) => singular).join(', ')
  throw new Error(
    isKnown ? `no pods are made by a ${type}; name one of ${kinds}` : `"${text}" is no ${kinds}`,
  )
}
