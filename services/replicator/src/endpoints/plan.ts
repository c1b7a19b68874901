import {
  type EndpointAddress,
  type EndpointSubset,
  type Endpoints,
  isDeepEqual,
  type Pod,
  type Service,
} from '@reckon/kubernetes'
import { isSelecting } from '../endpoint-slice/plan.ts'
import { endpointOf, type PodEndpoint } from '../endpoint-slice/slice-content.ts'

export type Step =
  | { type: 'CreateEndpoints'; endpoints: Endpoints }
  | { type: 'UpdateEndpoints'; current: Endpoints; wanted: Endpoints }
  | { type: 'DeleteEndpoints'; current: Endpoints }

export const managedByLabel = 'endpoints.kubernetes.io/managed-by'
export const managedBy = 'endpoint-controller'
const headlessLabel = 'service.kubernetes.io/headless'
const overCapacity = 'endpoints.kubernetes.io/over-capacity'
const addressesMax = 1000

/**
 * A Service's Endpoints list its pods, and generated ones are deleted with the Service. For a Service without a
 * selector users write them. As upstream's endpoints controller. Pure.
 */
export function plan(
  service: Service | undefined,
  pods: readonly Pod[],
  current: Endpoints | undefined,
): readonly Step[] {
  if (service === undefined) {
    const isOurs = current?.metadata.labels?.[managedByLabel] === managedBy
    return current && isOurs ? [{ type: 'DeleteEndpoints', current }] : []
  }
  if (!isSelecting(service)) return []
  const wanted = endpointsOf(service, pods, current)
  if (current === undefined) return [{ type: 'CreateEndpoints', endpoints: wanted }]
  return isDeepEqual(current, wanted) ? [] : [{ type: 'UpdateEndpoints', current, wanted }]
}

function endpointsOf(
  service: Service,
  pods: readonly Pod[],
  current: Endpoints | undefined,
): Endpoints {
  const { name, namespace = '', labels } = service.metadata
  const all = pods.flatMap((pod) => endpointOf(service, pod) ?? []).filter(isListed(service))
  const { [overCapacity]: _, ...annotations } = current?.metadata.annotations ?? {}
  const isOver = all.length > addressesMax
  if (isOver) annotations[overCapacity] = 'truncated'
  const { annotations: __, ...metadata } = current?.metadata ?? {}
  const subsets = subsetsOf(isOver ? all.toSorted(readyFirst).slice(0, addressesMax) : all)
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...metadata,
      name,
      namespace,
      labels: {
        ...labels,
        [managedByLabel]: managedBy,
        ...(service.spec.clusterIP === 'None' && { [headlessLabel]: '' }),
      },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(subsets.length > 0 && { subsets }),
  }
}

/** Pods that are being deleted are omitted, unless all addresses are to be published. */
const isListed =
  ({ spec }: Service) =>
  ({ endpoint }: PodEndpoint): boolean =>
    !endpoint.conditions?.terminating || spec.publishNotReadyAddresses === true

const isReady = ({ endpoint }: PodEndpoint): boolean => endpoint.conditions?.ready === true

const readyFirst = (a: PodEndpoint, b: PodEndpoint): number =>
  Number(isReady(b)) - Number(isReady(a))

/** Groups endpoints by their ports, in a deterministic order. */
function subsetsOf(all: readonly PodEndpoint[]): EndpointSubset[] {
  const groups = Map.groupBy(all, ({ ports }) => JSON.stringify(ports))
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const ports = (group[0]?.ports ?? []).map(
        ({ name, port = 0, protocol = 'TCP', ...rest }) => ({
          ...(name && { name }),
          port,
          protocol,
          ...(rest.appProtocol && { appProtocol: rest.appProtocol }),
        }),
      )
      const addresses = group.filter(isReady).map(addressOf).toSorted(byAddress)
      const notReady = group
        .filter((each) => !isReady(each))
        .map(addressOf)
        .toSorted(byAddress)
      return {
        ...(addresses.length > 0 && { addresses }),
        ...(notReady.length > 0 && { notReadyAddresses: notReady }),
        ...(ports.length > 0 && { ports }),
      }
    })
}

const addressOf = ({ endpoint }: PodEndpoint): EndpointAddress => {
  const { addresses, hostname, nodeName, targetRef } = endpoint
  return {
    ip: addresses[0] ?? '',
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  }
}

const byAddress = (a: EndpointAddress, b: EndpointAddress): number =>
  a.ip === b.ip
    ? (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '')
      ? -1
      : 1
    : a.ip < b.ip
      ? -1
      : 1
