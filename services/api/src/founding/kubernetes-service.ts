import { settingsOf } from '@reckon/domain'
import {
  endpointSlices,
  endpoints,
  firstAddress,
  isDeepEqual,
  type KubernetesObject,
  type Resource,
  services,
} from '@reckon/kubernetes'
import { changeObject, createObject, reachHead } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import { founder, unlessExists } from './founding.ts'

/** Where pods reach this api: the Service `kubernetes` leads there. */
export type Advertised = { address: string; port: number }

const metadata = { name: 'kubernetes', namespace: 'default' }

/** Makes the Service `kubernetes` in the namespace `default`, and its endpoints, lead to the api. */
export async function ensureKubernetesService(ports: ApiPorts, to: Advertised): Promise<void> {
  await ensure(ports, services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: firstAddress(settingsOf(ports.objects).serviceCidr),
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: to.port }],
    },
  })
  // Its own slice is there already: nobody is to make a second one of these.
  const skipMirror = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  await ensure(ports, endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels: skipMirror },
    subsets: [
      {
        addresses: [{ ip: to.address }],
        ports: [{ name: 'https', protocol: 'TCP', port: to.port }],
      },
    ],
  })
  await ensure(ports, endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [to.address], conditions: { ready: true } }],
    ports: [{ name: 'https', protocol: 'TCP', port: to.port }],
  })
  await reachHead(ports)
}

/** Whether this is the Service `kubernetes` or its endpoints. */
export const isOfKubernetesService = ({ kind, metadata: { name, namespace } }: KubernetesObject) =>
  name === metadata.name &&
  namespace === metadata.namespace &&
  ['Service', 'Endpoints', 'EndpointSlice'].includes(kind)

async function ensure(
  ports: ApiPorts,
  resource: Resource,
  wanted: KubernetesObject,
): Promise<void> {
  const target = { resource, ...metadata }
  if (ports.objects.get(resource, metadata.namespace, metadata.name) === undefined) {
    return unlessExists(createObject(ports, { resource, object: wanted, origin: founder }))
  }
  if (resource === services) return
  const { metadata: _, ...leading } = wanted
  await changeObject(ports, {
    target,
    change: (current) => {
      const isRight =
        isDeepEqual(current.endpoints, wanted.endpoints) &&
        isDeepEqual(current.subsets, wanted.subsets)
      return isRight ? current : { ...current, ...leading }
    },
    origin: founder,
  })
}
