import { ageOf } from '../../human-duration.ts'
import type { Endpoints } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { endpointSlices } from '../discovery/endpoint-slices.ts'
import { plainKind } from '../plain-kind.ts'
import { validateEndpoints } from './endpoints-validation.ts'

/** Endpoints: the predecessor of EndpointSlices, for clients that know only these. */
export const endpoints: Resource<Endpoints> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1', deprecated: 'v1.33+', successor: endpointSlices }],
  plural: 'endpoints',
  singular: 'endpoints',
  kind: 'Endpoints',
  listKind: 'EndpointsList',
  namespaced: true,
  shortNames: ['ep'],
  setDefaults: ({ subsets }) => {
    for (const port of (subsets ?? []).flatMap(({ ports }) => ports ?? [])) port.protocol ||= 'TCP'
  },
  validate: validateEndpoints,
  columns: [nameColumn, { name: 'Endpoints' }, ageColumn],
  row: ({ metadata, subsets }, now) => [
    metadata.name,
    endpointsCell(subsets),
    ageOf(metadata.creationTimestamp, now),
  ],
}

const shownMax = 3

/** The first three addresses with their ports, and how many more there are; as upstream's `formatEndpoints`. */
function endpointsCell(subsets: Endpoints['subsets']): string {
  if (!subsets?.length) return '<none>'
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  )
  const more = all.length > shownMax ? ` + ${all.length - shownMax} more...` : ''
  return all.slice(0, shownMax).join(',') + more
}

const hostPort = (ip: string, port: number): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
