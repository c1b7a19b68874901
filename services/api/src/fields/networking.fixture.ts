import type { FieldLists } from './field-lists.fixture.ts'

/** The spec of a Service. */
export const serviceSpec: FieldLists = {
  actedOn: {
    'packages/domain/src/kinds/service.test.ts': [
      '{allocateLoadBalancerNodePorts,clusterIP,clusterIPs,ipFamilies,ipFamilyPolicy}',
      'healthCheckNodePort',
      '{loadBalancerClass,type}',
      'ports[].{name,nodePort,port,protocol}',
    ],
    'packages/routing/src/services/service-map.test.ts': [
      '{externalName,externalTrafficPolicy,internalTrafficPolicy,sessionAffinity}',
      'sessionAffinityConfig.clientIP.timeoutSeconds',
    ],
    'packages/routing/src/envoy/edge.test.ts': ['ports[].appProtocol'],
    'services/replicator/src/endpoint-slice/plan.test.ts': [
      'ports[].targetPort',
      'publishNotReadyAddresses',
      'selector.*',
    ],
    'services/replicator/src/load-balancer/plan.test.ts': ['loadBalancerIP'],
  },
  kept: {},
  warned: ['trafficDistribution'],
  refused: ['loadBalancerSourceRanges'],
  denied: { externalIPs: 'Use of external IPs is denied by admission control' },
}

/** The spec of an Ingress. */
export const ingressSpec: FieldLists = {
  actedOn: {
    'packages/routing/src/ingresses/ingress-hosts.test.ts': [
      '{defaultBackend,rules[].http.paths[].backend}.service.name',
      '{defaultBackend,rules[].http.paths[].backend}.service.port.{name,number}',
      '{defaultBackend,rules[].http.paths[].backend}.resource.{apiGroup,kind,name}',
      'ingressClassName',
      'rules[].host',
      'rules[].http.paths[].{path,pathType}',
    ],
    'packages/routing/src/ingresses/tls-hosts.test.ts': ['tls[].{hosts,secretName}'],
  },
  kept: {},
  warned: [],
  refused: [],
}

/** The spec of an Ingress as it was before networking.k8s.io/v1. */
export const ingressSpecV1beta1: FieldLists = {
  actedOn: {
    'packages/routing/src/ingresses/ingress-hosts.test.ts': [
      '{backend,rules[].http.paths[].backend}.resource.{apiGroup,kind,name}',
      'ingressClassName',
      'rules[].host',
      'rules[].http.paths[].{path,pathType}',
    ],
    'packages/kubernetes/src/conversion.test.ts': [
      '{backend,rules[].http.paths[].backend}.{serviceName,servicePort}',
    ],
    'packages/routing/src/ingresses/tls-hosts.test.ts': ['tls[].{hosts,secretName}'],
  },
  kept: {},
  warned: [],
  refused: [],
}
