import {
  type EndpointAddress,
  type EndpointSlice,
  type Endpoints,
  isDeepEqual,
  isIpv4,
  type Service,
  serviceNameLabel,
} from '@reckon/kubernetes'
import { managedByLabel, type Step } from '../endpoint-slice/plan.ts'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { derivedName } from '../ownership/derived-name.ts'

export const managedBy = 'endpointslicemirroring-controller.k8s.io'
const skipMirror = 'endpointslice.kubernetes.io/skip-mirror'
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'

/**
 * Mirrors Endpoints of a Service without a selector as EndpointSlices, since routing uses only these. As upstream's
 * mirroring controller. Pure.
 */
export function plan(
  service: Service | undefined,
  endpoints: Endpoints | undefined,
  slices: readonly EndpointSlice[],
): readonly Step[] {
  const wanted =
    service && endpoints && isMirrored(service, endpoints) ? mirrorsOf(endpoints, slices) : []
  const names = new Set(wanted.map(({ metadata }) => metadata.name))
  return [
    ...wanted.flatMap((slice): Step[] => {
      const current = slices.find(({ metadata }) => metadata.name === slice.metadata.name)
      if (current === undefined) return [{ type: 'CreateSlice', slice }]
      if (isDeepEqual(current, slice)) return []
      return [{ type: 'UpdateSlice', slice: current, wanted: slice }]
    }),
    ...slices
      .filter(({ metadata }) => !names.has(metadata.name))
      .map((slice): Step => ({ type: 'DeleteSlice', slice })),
  ]
}

const isMirrored = ({ spec, metadata }: Service, endpoints: Endpoints): boolean =>
  Object.keys(spec.selector ?? {}).length === 0 &&
  spec.type !== 'ExternalName' &&
  metadata.deletionTimestamp === undefined &&
  endpoints.metadata.deletionTimestamp === undefined &&
  endpoints.metadata.labels?.[skipMirror] !== 'true' &&
  endpoints.metadata.annotations?.[leaderAnnotation] === undefined

function mirrorsOf(endpoints: Endpoints, slices: readonly EndpointSlice[]): EndpointSlice[] {
  const { name, namespace = '', uid, labels } = endpoints.metadata
  return (endpoints.subsets ?? []).flatMap((subset, index) =>
    (['IPv4', 'IPv6'] as const).flatMap((family) => {
      const all = [
        ...endpointsIn(subset.addresses, family, true),
        ...endpointsIn(subset.notReadyAddresses, family, false),
      ]
      if (all.length === 0) return []
      const own = derivedName(name, `${uid}/${index}/${family}`)
      const current = slices.find(({ metadata }) => metadata.name === own)
      return {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          ...current?.metadata,
          name: own,
          generateName: `${name}-`,
          namespace,
          labels: { ...labels, [managedByLabel]: managedBy, [serviceNameLabel]: name },
          ownerReferences: [controllerReferenceTo(endpoints)],
        },
        addressType: family,
        endpoints: all,
        ports: (subset.ports ?? []).map((port) => ({ name: '', protocol: 'TCP', ...port })),
      }
    }),
  )
}

const endpointsIn = (
  addresses: readonly EndpointAddress[] = [],
  family: 'IPv4' | 'IPv6',
  ready: boolean,
) =>
  addresses
    .filter(({ ip }) => isIpv4(ip) === (family === 'IPv4'))
    .map(({ ip, hostname, nodeName, targetRef }) => ({
      addresses: [ip],
      conditions: { ready },
      ...(hostname && { hostname }),
      ...(nodeName && { nodeName }),
      ...(targetRef && { targetRef }),
    }))
