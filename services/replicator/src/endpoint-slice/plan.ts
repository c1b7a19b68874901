import {
  type EndpointPort,
  type EndpointSlice,
  isDeepEqual,
  labelMapSelector,
  matchesLabels,
  type Pod,
  type Service,
  serviceNameLabel,
} from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { derivedName } from '../ownership/derived-name.ts'
import { endpointOf, type PodEndpoint } from './slice-content.ts'

/** The next step for one Service. */
export type Step =
  | { type: 'CreateSlice'; slice: EndpointSlice }
  | { type: 'UpdateSlice'; slice: EndpointSlice; wanted: EndpointSlice }
  | { type: 'DeleteSlice'; slice: EndpointSlice }

export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
export const managedBy = 'endpointslice-controller.k8s.io'
const headlessLabel = 'service.kubernetes.io/headless'
const endpointsMax = 100

/** Whether the Service's endpoints come from pods; without a selector users write them. */
export const isSelecting = ({ spec, metadata }: Service): boolean =>
  spec.type !== 'ExternalName' &&
  Object.keys(spec.selector ?? {}).length > 0 &&
  metadata.deletionTimestamp === undefined

/** Plans the steps so that the slices hold the Service's pods; existing endpoints stay in their slice. Pure. */
export function plan(
  service: Service,
  pods: readonly Pod[],
  slices: readonly EndpointSlice[],
): readonly Step[] {
  const selector = labelMapSelector(service.spec.selector)
  const endpoints = pods
    .filter(({ metadata }) => matchesLabels(selector, metadata.labels))
    .flatMap((pod) => endpointOf(service, pod) ?? [])
  const groups = Map.groupBy(endpoints, ({ ports }) => JSON.stringify(ports))
  const wanted: EndpointSlice[] = []
  const names = new Set(slices.map(({ metadata }) => metadata.name))
  const empty = slices.filter((slice) => (slice.endpoints ?? []).length === 0)
  const put = (slice: EndpointSlice | undefined, of: readonly PodEndpoint[], ports: Ports) => {
    const name = slice?.metadata.name ?? freeName(service, names)
    names.add(name)
    wanted.push(sliceOf(service, { name, endpoints: of, ports, slice }))
  }
  for (const [, group] of groups) {
    const ports = group[0]?.ports ?? []
    const ofGroup = slices.filter(
      (slice) => !empty.includes(slice) && isDeepEqual(slice.ports ?? [], ports),
    )
    for (const { slice, endpoints } of distributed(group, ofGroup)) {
      put(slice ?? empty.shift(), endpoints, ports)
    }
  }
  // A Service without pods keeps one empty slice, so that clients see it has been processed.
  if (wanted.length === 0) put(slices[0], [], slices[0]?.ports ?? [])
  return [
    ...wanted.flatMap((slice) => stepTo(slice, slices)),
    ...slices
      .filter(({ metadata }) => !wanted.some((slice) => slice.metadata.name === metadata.name))
      .map((slice): Step => ({ type: 'DeleteSlice', slice })),
  ]
}

function stepTo(wanted: EndpointSlice, slices: readonly EndpointSlice[]): Step[] {
  const slice = slices.find(({ metadata }) => metadata.name === wanted.metadata.name)
  if (slice === undefined) return [{ type: 'CreateSlice', slice: wanted }]
  return isDeepEqual(slice, wanted) ? [] : [{ type: 'UpdateSlice', slice, wanted }]
}

type Ports = readonly EndpointPort[]

type Filled = { slice: EndpointSlice | undefined; endpoints: PodEndpoint[] }

/** Existing endpoints stay in their slice; new ones fill slices with room, then new slices. */
function distributed(group: readonly PodEndpoint[], slices: readonly EndpointSlice[]): Filled[] {
  const homeless = new Map(group.map((endpoint) => [endpoint.uid, endpoint]))
  const filled = slices.map((slice): Filled => {
    const endpoints = (slice.endpoints ?? []).flatMap(({ targetRef }) => {
      const endpoint = homeless.get(targetRef?.uid ?? '')
      return endpoint && homeless.delete(endpoint.uid) ? [endpoint] : []
    })
    return { slice, endpoints }
  })
  for (const endpoint of homeless.values()) {
    let home = filled.find(({ endpoints }) => endpoints.length < endpointsMax)
    if (home === undefined) {
      home = { slice: undefined, endpoints: [] }
      filled.push(home)
    }
    home.endpoints.push(endpoint)
  }
  return filled.filter(({ endpoints }) => endpoints.length > 0)
}

function freeName({ metadata }: Service, taken: ReadonlySet<string>): string {
  for (let index = 0; ; index += 1) {
    const name = derivedName(metadata.name, `${metadata.uid}/${index}`)
    if (!taken.has(name)) return name
  }
}

function sliceOf(
  service: Service,
  content: {
    name: string
    endpoints: readonly PodEndpoint[]
    ports: Ports
    slice: EndpointSlice | undefined
  },
): EndpointSlice {
  const { metadata, spec } = service
  const labels = {
    ...metadata.labels,
    [managedByLabel]: managedBy,
    [serviceNameLabel]: metadata.name,
    ...(spec.clusterIP === 'None' && { [headlessLabel]: '' }),
  }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...content.slice?.metadata,
      name: content.name,
      generateName: `${metadata.name}-`,
      namespace: metadata.namespace ?? '',
      labels,
      ownerReferences: [controllerReferenceTo(service)],
    },
    addressType: 'IPv4',
    endpoints: content.endpoints.map(({ endpoint }) => endpoint),
    ports: [...content.ports],
  }
}
