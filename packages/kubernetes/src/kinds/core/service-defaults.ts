import type { Service } from '../../object.ts'

const clientIpTimeoutSeconds = 3 * 60 * 60

/** Fills in what upstream fills in, except addresses and node ports, which are reserved; changes the object. */
export function setServiceDefaults(object: Service): void {
  object.spec ??= {}
  const { spec } = object
  spec.type ||= 'ClusterIP'
  spec.sessionAffinity ||= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig = {
      clientIP: {
        timeoutSeconds: clientIpTimeoutSeconds,
        ...spec.sessionAffinityConfig?.clientIP,
      },
    }
  }
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP'
    port.targetPort ||= port.port
  }
  if (spec.type === 'ExternalName') return
  spec.internalTrafficPolicy ||= 'Cluster'
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  if (isExternal || spec.externalIPs?.length) spec.externalTrafficPolicy ||= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
  spec.ipFamilyPolicy ||= 'SingleStack'
  spec.ipFamilies ??= ['IPv4']
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP]
}
