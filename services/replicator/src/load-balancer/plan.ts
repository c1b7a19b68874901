import {
  isDeepEqual,
  isIpv4,
  isReady,
  type Node,
  objectKey,
  type Service,
} from '@reckon/kubernetes'

export type Step = { type: 'ChangeStatus'; service: Service; status: Status }

type Status = NonNullable<Service['status']>
type Condition = NonNullable<Status['conditions']>[number]

/** A Service's ports on the machines' addresses, as `tcp/80`. */
type Claim = { service: Service; ports: readonly string[] }

export const excludedLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'
/** Upstream's condition for a load balancer that cannot have its ports. */
const portsError = 'LoadBalancerPortsError'

/**
 * The status of each LoadBalancer Service. A Service answers on the addresses of all Ready nodes, with its own ports. A
 * port can belong to one Service only: the one that has it keeps it, otherwise the oldest Service gets it. Pure.
 */
export function plan(
  services: readonly Service[],
  nodes: readonly Node[],
  /** The nodes with endpoints of a Service. */
  nodesWithEndpoints: (service: Service) => ReadonlySet<string>,
  now: string,
): readonly Step[] {
  const holders = new Map<string, Service>()
  const claims = services.filter(isBalanced).map(claimOf).sort(byRight)
  const statuses = new Map<Service, Status>()
  for (const { service, ports } of claims) {
    const taken = ports.find((port) => holders.has(port))
    const holder = taken === undefined ? undefined : holders.get(taken)
    if (holder !== undefined) {
      statuses.set(service, pending(service, `${taken} is the Service ${keyOf(holder)}'s`, now))
      continue
    }
    for (const port of ports) holders.set(port, service)
    const isLocal = service.spec.externalTrafficPolicy === 'Local'
    const own = isLocal ? nodesWithEndpoints(service) : undefined
    const addresses = addressesOf(nodes.filter(({ metadata: { name } }) => own?.has(name) ?? true))
    const wished = service.spec.loadBalancerIP
    const ingress = wished ? addresses.filter((ip) => ip === wished) : addresses
    statuses.set(service, { loadBalancer: balanced(ingress) })
  }
  return services.flatMap((service): Step[] => {
    if (isForeign(service)) return []
    const { conditions = [], ...before } = service.status ?? {}
    const wanted: Status = statuses.get(service) ?? { loadBalancer: {} }
    const said = conditions.filter(({ type }) => type !== portsError)
    said.push(...(wanted.conditions ?? []))
    const status = { ...before, ...wanted, ...(said.length > 0 && { conditions: said }) }
    return isDeepEqual(status, service.status) ? [] : [{ type: 'ChangeStatus', service, status }]
  })
}

/** Whether Reckon is its load balancer; another class belongs to another implementation. */
const isBalanced = ({ spec, metadata }: Service): boolean =>
  spec.type === 'LoadBalancer' &&
  spec.loadBalancerClass === undefined &&
  metadata.deletionTimestamp === undefined

const isForeign = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' && spec.loadBalancerClass !== undefined

const claimOf = (service: Service): Claim => ({
  service,
  ports: (service.spec.ports ?? []).map(
    ({ protocol = 'TCP', port }) => `${protocol.toLowerCase()}/${port}`,
  ),
})

function byRight(a: Claim, b: Claim): number {
  const [ofA, ofB] = [a, b].map(({ service }) => [
    hasAddress(service) ? '0' : '1',
    service.metadata.creationTimestamp ?? '',
    service.metadata.uid ?? '',
  ])
  return String(ofA) < String(ofB) ? -1 : 1
}

const hasAddress = ({ status }: Service): boolean =>
  (status?.loadBalancer?.ingress ?? []).length > 0

const keyOf = ({ metadata }: Service) => objectKey(metadata)

/** Unique addresses: the nodes of one machine share one. */
function addressesOf(nodes: readonly Node[]): string[] {
  const addresses = nodes
    .filter(
      ({ metadata, status }) => isReady(status) && !(excludedLabel in (metadata.labels ?? {})),
    )
    .flatMap(({ status }) => status?.addresses ?? [])
    .filter(({ type, address }) => type === 'InternalIP' && isIpv4(address))
    .map(({ address }) => address)
  return [...new Set(addresses)].sort()
}

const balanced = (addresses: readonly string[]) =>
  addresses.length === 0 ? {} : { ingress: addresses.map((ip) => ({ ip, ipMode: 'VIP' })) }

function pending({ status, metadata }: Service, message: string, now: string): Status {
  const before = status?.conditions?.find(({ type }) => type === portsError)
  const condition: Condition = {
    type: portsError,
    status: 'True',
    reason: 'PortTaken',
    message,
    lastTransitionTime: before?.lastTransitionTime ?? now,
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
  }
  return { loadBalancer: {}, conditions: [condition] }
}
