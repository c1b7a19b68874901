import { type ClusterSettings, firstNamespaces } from '@reckon/domain'
import type { Listening } from '@reckon/eventing/bus'
import {
  addressText,
  type EndpointSlice,
  type Endpoints,
  firstAddress,
  type IngressClass,
  ingressClassController,
  type KubernetesObject,
  localProvisioner,
  type Namespace,
  parseCidr,
  type Service,
  type StorageClass,
  serviceNameLabel,
} from '@reckon/kubernetes'

const dnsPort = 53
/** The conventional address of the DNS server in the Services' range. */
const dnsAddressNumber = 10

const namespaceNamed = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  spec: {},
})

/**
 * The objects that every cluster has: upstream's namespaces and Services, the IngressClass of the edge, and the
 * StorageClass of the volumes that nodes make. Pure.
 */
export function systemObjects(
  settings: ClusterSettings,
  apis: readonly Listening[],
): readonly KubernetesObject[] {
  return [
    ...firstNamespaces.map(namespaceNamed),
    ingressClass,
    storageClass,
    ...ofKubernetes(settings, apis),
    ...ofDns(settings),
  ]
}

const ingressClass: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: {
    name: 'reckon',
    annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
  },
  spec: { controller: ingressClassController },
}

/** The class of volumes that are directories on the node on which a claim is first used. */
const storageClass: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'local-path',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: localProvisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  // Directories have no size limit, so growing one needs no work.
  allowVolumeExpansion: true,
}

/** The Service under which pods find the apis; without endpoints as long as none is known. */
function ofKubernetes(
  { serviceCidr }: ClusterSettings,
  apis: readonly Listening[],
): KubernetesObject[] {
  const metadata = { name: 'kubernetes', namespace: 'default' }
  const [first] = apis
  if (first === undefined) return []
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: firstAddress(serviceCidr),
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: first.port }],
    },
  }
  const ports = [{ name: 'https', protocol: 'TCP', port: first.port }]
  const addresses = apis.filter(({ port }) => port === first.port).map(({ address }) => address)
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports }],
  }
  return [service, endpoints, sliceOf(metadata, addresses, ports)]
}

/** The Service of the DNS server that every machine has for its pods, with the name and address that clients expect. */
function ofDns({ serviceCidr, clusterDns }: ClusterSettings): KubernetesObject[] {
  const metadata = { name: 'kube-dns', namespace: 'kube-system' }
  const ports = [
    { name: 'dns', protocol: 'UDP', port: dnsPort },
    { name: 'dns-tcp', protocol: 'TCP', port: dnsPort },
  ]
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata,
      labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: addressText(parseCidr(serviceCidr).first + dnsAddressNumber),
      ports: ports.map((port) => ({ ...port, targetPort: dnsPort })),
    },
  }
  return [service, sliceOf(metadata, [clusterDns], ports)]
}

const sliceOf = (
  metadata: { name: string; namespace: string },
  addresses: readonly string[],
  ports: EndpointSlice['ports'],
): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...metadata, labels: { [serviceNameLabel]: metadata.name } },
  addressType: 'IPv4',
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  ...(ports && { ports }),
})
