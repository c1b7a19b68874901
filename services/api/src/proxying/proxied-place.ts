import {
  badRequest,
  type EndpointSlice,
  isIpAddress,
  type Pod,
  type Service,
  StatusError,
} from '@reckon/kubernetes'

/** The backend that a path names as `[http:|https:]name[:port]`. */
export type ProxiedName = { isTls: boolean; name: string; port: string }

/** A port of a pod, and whether TLS is spoken there. */
export type PodPort = { pod: { namespace: string; name: string }; port: number }

const portOf = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

/** Parses the name of a path; 400 in upstream's words where it is malformed. `kind` is what the message calls it. */
export function proxiedName(text: string, kind: 'pod' | 'service'): ProxiedName {
  const parts = text.split(':')
  const [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0], parts[1] ?? '']
  const isScheme = ['', 'http', 'https'].includes(scheme ?? '')
  if (!isScheme || !name || parts.length > 3) {
    throw badRequest(`invalid ${kind} request ${JSON.stringify(text)}`)
  }
  return { isTls: scheme === 'https', name, port: port ?? '' }
}

/** The port of a pod to connect to: the named one, else its first declared one, else 80 (443 with TLS). Pure. */
export function portOfPod(pod: Pod, { port, isTls }: ProxiedName): number {
  if (!pod.status?.podIP || !isIpAddress(pod.status.podIP)) throw badRequest('address not allowed')
  const own = pod.spec.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]
  if (port === '') return own?.containerPort ?? (isTls ? 443 : 80)
  const number = portOf(port)
  if (number === undefined) throw badRequest(`invalid pod request "${pod.metadata.name}:${port}"`)
  return number
}

/** The pods behind a port of a Service, given by name or number. Endpoints that are not pods are not reached. Pure. */
export function podPortsOf(
  { metadata: { name, namespace = '' }, spec }: Service,
  slices: readonly EndpointSlice[],
  wanted: string,
): readonly [PodPort, ...PodPort[]] {
  const number = portOf(wanted)
  const numbered = (spec.ports ?? []).find(({ port }) => port === number)
  if (number !== undefined && numbered === undefined) {
    throw unavailable(`no service port ${wanted} found for service "${name}"`)
  }
  const meant = number === undefined ? wanted : (numbered?.name ?? '')
  const found = slices.flatMap(({ endpoints, ports }) => {
    const served = (ports ?? []).find((port) => (port.name ?? '') === meant)?.port
    if (served === undefined) return []
    return (endpoints ?? []).flatMap(({ targetRef, conditions }) =>
      conditions?.ready !== false && targetRef?.kind === 'Pod'
        ? [{ pod: { namespace, name: targetRef.name ?? '' }, port: served }]
        : [],
    )
  })
  const [first, ...more] = found
  if (first !== undefined) return [first, ...more]
  throw unavailable(`no endpoints available for service "${name}"`)
}

const unavailable = (message: string): StatusError => new StatusError('ServiceUnavailable', message)
