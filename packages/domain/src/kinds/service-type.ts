import { hasHealthPort, isDeepEqual, type Service } from '@reckon/kubernetes'

type Spec = Service['spec']

export const hasAddress = ({ type }: Spec): boolean => type !== 'ExternalName'
export const hasNodePorts = (spec: Spec): boolean =>
  spec.type === 'NodePort' || (isBalanced(spec) && spec.allocateLoadBalancerNodePorts !== false)
const isBalanced = ({ type }: Spec): boolean => type === 'LoadBalancer'
const isExternal = (spec: Spec): boolean =>
  spec.type === 'NodePort' || isBalanced(spec) || (spec.externalIPs ?? []).length > 0

/** Fields that belong to some types only, apart from node ports. */
const dependent: readonly { fields: readonly (keyof Spec)[]; belongs(spec: Spec): boolean }[] = [
  { fields: ['clusterIP', 'clusterIPs'], belongs: hasAddress },
  { fields: ['ipFamilies'], belongs: hasAddress },
  { fields: ['ipFamilyPolicy'], belongs: hasAddress },
  { fields: ['internalTrafficPolicy'], belongs: hasAddress },
  { fields: ['externalTrafficPolicy'], belongs: isExternal },
  { fields: ['allocateLoadBalancerNodePorts'], belongs: isBalanced },
  { fields: ['loadBalancerClass'], belongs: isBalanced },
  { fields: ['healthCheckNodePort'], belongs: hasHealthPort },
]

/**
 * The Service without fields that its new type does not use and that the client left unchanged; changed ones stay, to
 * be validated (upstream's `dropTypeDependentFields`).
 */
export function withoutUseless(after: Service, before: Service): Service {
  const spec: Spec = { ...after.spec }
  for (const { fields, belongs } of dependent) {
    if (!belongs(before.spec) || belongs(after.spec)) continue
    if (!fields.every((field) => isDeepEqual(after.spec[field], before.spec[field]))) continue
    for (const field of fields) delete spec[field]
  }
  const isLosing = hasNodePorts(before.spec) && !hasNodePorts(after.spec)
  if (isLosing && isDeepEqual(nodePortsOf(after), nodePortsOf(before))) {
    spec.ports = (spec.ports ?? []).map(({ nodePort: _, ...port }) => port)
  }
  return { ...after, spec }
}

const nodePortsOf = ({ spec }: Service): number[] =>
  (spec.ports ?? []).flatMap(({ nodePort }) => nodePort || []).sort((a, b) => a - b)
