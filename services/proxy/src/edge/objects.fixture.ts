import type { EndpointSlice, Ingress, Service } from '@reckon/kubernetes'
import { type Edge, edge, ingressHosts, serviceMap } from '@reckon/routing'

export function service(name: string, port = 80): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { clusterIP: '10.96.0.7', ports: [{ port }] },
  }
}

/** The endpoints of a Service, all on 127.0.0.1. */
export function slice(serviceName: string, ports: readonly number[]): EndpointSlice[] {
  return ports.map((port) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${serviceName}-${port}`,
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': serviceName },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: [{ port }],
  }))
}

/** An Ingress for one host: path and path type to Service. */
export function ingress(
  name: string,
  host: string,
  paths: Record<string, { type?: string; service: string }>,
): Ingress {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default', resourceVersion: '4611686018427387999' },
    spec: {
      rules: [
        {
          host,
          http: {
            paths: Object.entries(paths).map(([path, { type = 'Prefix', service }]) => ({
              path,
              pathType: type,
              backend: { service: { name: service, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  }
}

export function edgeOf(ingresses: Ingress[], services: Service[], slices: EndpointSlice[]): Edge {
  return edge(ingressHosts(ingresses, []), serviceMap(services, slices))
}
