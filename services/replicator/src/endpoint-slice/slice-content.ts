import {
  type Endpoint,
  type EndpointPort,
  isFinished,
  isIpv4,
  isReady,
  type Pod,
  type Service,
} from '@reckon/kubernetes'

/** What a pod contributes to a Service: its endpoint, and the ports that it serves. */
export type PodEndpoint = { uid: string; endpoint: Endpoint; ports: readonly EndpointPort[] }

/**
 * The pod as an endpoint of the Service; undefined while it has no address or no longer runs. An invalid address would
 * cause the whole slice to be refused.
 */
export function endpointOf(service: Service, pod: Pod): PodEndpoint | undefined {
  const address = pod.status?.podIP
  if (!address || !isIpv4(address) || isFinished(pod.status)) return undefined
  const { name, namespace = '', uid = '' } = pod.metadata
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = service.spec.publishNotReadyAddresses === true || isReady(pod.status)
  const ready = serving && (!terminating || service.spec.publishNotReadyAddresses === true)
  const { hostname, subdomain, nodeName } = pod.spec
  return {
    uid,
    endpoint: {
      addresses: [address],
      conditions: { ready, serving, terminating },
      ...(hostname && subdomain === service.metadata.name && { hostname }),
      ...(nodeName && { nodeName }),
      targetRef: { kind: 'Pod', namespace, name, uid },
    },
    ports: portsOf(service, pod),
  }
}

/** A named target port may have a different number in each pod; a pod without that name does not serve it. */
function portsOf({ spec }: Service, pod: Pod): EndpointPort[] {
  return (spec.ports ?? []).flatMap(
    ({ name = '', protocol = 'TCP', port, targetPort, appProtocol }) => {
      const number = targetPort === undefined ? port : portIn(pod, targetPort, protocol)
      if (number === undefined) return []
      return [{ name, protocol, port: number, ...(appProtocol && { appProtocol }) }]
    },
  )
}

function portIn(pod: Pod, target: number | string, protocol: string): number | undefined {
  if (typeof target === 'number') return target
  const sidecars = (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  )
  return [...pod.spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === target && (port.protocol ?? 'TCP') === protocol)?.containerPort
}
