import { type Ingress, type IngressClass, objectKey } from '@reckon/kubernetes'
import { ownRules } from './own-rules.ts'
import type { PathRule } from './path-rule.ts'
import { servedIngresses } from './served-ingresses.ts'

/** A path of an Ingress that has no effect, and the older Ingress that has it. */
export type TakenPath = { host: string; path: string; by: string }

/** The Ingresses that share a path of one of these hosts with this one, including itself. */
export function rivalsOf(ingress: Ingress, ofSameHosts: Iterable<Ingress>): readonly Ingress[] {
  const names = new Set(namedRules(ingress).map(({ name }) => name))
  return [...new Set(ofSameHosts)].filter((each) =>
    namedRules(each).some(({ name }) => names.has(name)),
  )
}

/** The paths of an Ingress that an older rival has. */
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
