import type { ExtensionPoint, Policy } from '../framework.ts'

/** Asked for with each verdict. */
const taking = new WeakMap<Policy, Map<ExtensionPoint, readonly string[]>>()

/** The plugins of a policy that take part there, in its order. */
export function pluginsAt(policy: Policy, point: ExtensionPoint): readonly string[] {
  const ofPolicy = taking.get(policy) ?? new Map<ExtensionPoint, readonly string[]>()
  taking.set(policy, ofPolicy)
  const known = ofPolicy.get(point)
  if (known !== undefined) return known
  const names = policy.plugins.flatMap(({ plugin }) =>
    plugin.points.includes(point) ? [plugin.name] : [],
  )
  ofPolicy.set(point, names)
  return names
}
