import { type Node, namespaces, nodes } from '@reckon/kubernetes'
import { resourceSamples } from './resource-samples.ts'
import {
  amount,
  conditionSamples,
  created,
  gauge,
  info,
  kindState,
  oneOf,
  type StateFamily,
} from './state-family.ts'

const rolePrefix = 'node-role.kubernetes.io/'

const families: readonly StateFamily<Node>[] = [
  info('kube_node_info', 'What a node is', ({ spec, status }) => {
    const { nodeInfo, addresses = [] } = status ?? {}
    return {
      kernel_version: nodeInfo?.kernelVersion ?? '',
      os_image: nodeInfo?.osImage ?? '',
      container_runtime_version: nodeInfo?.containerRuntimeVersion ?? '',
      kubelet_version: nodeInfo?.kubeletVersion ?? '',
      kubeproxy_version: nodeInfo?.kubeProxyVersion ?? '',
      provider_id: spec.providerID ?? '',
      pod_cidr: spec.podCIDR ?? '',
      system_uuid: nodeInfo?.systemUUID ?? '',
      internal_ip: addresses.find(({ type }) => type === 'InternalIP')?.address ?? '',
    }
  }),
  created('kube_node_created'),
  gauge('kube_node_role', 'The roles of a node', ({ metadata }) =>
    Object.keys(metadata.labels ?? {}).flatMap((label) =>
      label.startsWith(rolePrefix)
        ? [{ labels: { role: label.slice(rolePrefix.length) }, value: 1 }]
        : [],
    ),
  ),
  gauge('kube_node_spec_taint', 'The taints of a node', ({ spec }) =>
    (spec.taints ?? []).map(({ key, value = '', effect }) => ({
      labels: { key, value, effect },
      value: 1,
    })),
  ),
  amount('kube_node_spec_unschedulable', 'Whether a node takes no new pods', ({ spec }) => {
    return spec.unschedulable ?? false
  }),
  gauge('kube_node_status_addresses', 'The addresses of a node', ({ status }) =>
    (status?.addresses ?? []).map(({ type = '', address = '' }) => ({
      labels: { type, address },
      value: 1,
    })),
  ),
  gauge('kube_node_status_allocatable', 'What a node has for pods', ({ status }) =>
    resourceSamples(status?.allocatable),
  ),
  gauge('kube_node_status_capacity', 'What a node has', ({ status }) =>
    resourceSamples(status?.capacity),
  ),
  gauge('kube_node_status_condition', 'The conditions of a node', ({ status }) =>
    conditionSamples(status?.conditions),
  ),
]

/** Nodes under the names of kube-state-metrics. */
export const nodeState = kindState(nodes, ({ metadata }) => ({ node: metadata.name }), families)

/** Namespaces under the names of kube-state-metrics. */
export const namespaceState = kindState(
  namespaces,
  ({ metadata }) => ({ namespace: metadata.name }),
  [
    created('kube_namespace_created'),
    gauge('kube_namespace_status_phase', 'The phase of a namespace', ({ status }) =>
      oneOf('phase', ['Active', 'Terminating'], status?.phase),
    ),
  ],
)
