import { type Ingress, type IngressClass, objectKey } from '@reckon/kubernetes'
import { ownRules } from './own-rules.ts'
import type { PathRule } from './path-rule.ts'
import { servedIngresses } from './served-ingresses.ts'

/** A path that leads nobody to what its Ingress says, and the older Ingress that has it. */
export type TakenPath = { host: string; path: string; by: string }

/**
 * Of Ingresses with rules for the same hosts, those that have a path of one that this one has, too; itself among them.
 */
export function rivalsOf(ingress: Ingress, ofSameHosts: Iterable<Ingress>): readonly Ingress[] {
  const names = new Set(namedRules(ingress).map(({ name }) => name))
  return [...new Set(ofSameHosts)].filter((each) =>
    namedRules(each).some(({ name }) => names.has(name)),
  )
}

/** Which paths of an Ingress an older one has, of its rivals. */
export function takenPaths(
  ingress: Ingress,
  rivals: readonly Ingress[],
  classes: readonly IngressClass[],
): readonly TakenPath[] {
  const own = objectKey(ingress.metadata)
  const owners = new Map<string, string>()
  for (const each of servedIngresses(rivals, classes)) {
    const key = objectKey(each.metadata)
    if (key === own) break
    for (const { name } of namedRules(each)) if (!owners.has(name)) owners.set(name, key)
  }
  return namedRules(ingress).flatMap(({ name, host, path }) => {
    const by = owners.get(name)
    return by === undefined ? [] : [{ host, path, by }]
  })
}

const namedRules = (ingress: Ingress) =>
  ownRules(ingress).hosts.flatMap(({ host, paths }) =>
    paths.map(({ match, path }: PathRule) => ({ host, path, name: `${match} ${host}${path}` })),
  )
