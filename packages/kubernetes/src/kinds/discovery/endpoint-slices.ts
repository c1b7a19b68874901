import { duplicate, type FieldError, invalidValue, required } from '../../field-error.ts'
import { immutable, oneOf } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import { isIpAddress, isIpv4, isIpv6, subdomainProblem } from '../../name-syntax.ts'
import type { EndpointSlice } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, firstThree, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** The label with the name of a slice's Service. */
export const serviceNameLabel = 'kubernetes.io/service-name'

/** EndpointSlice: names, defaults, rules and columns. */
export const endpointSlices: Resource<EndpointSlice> = {
  ...plainKind,
  group: 'discovery.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'discovery.k8s.io', version: 'v1' }],
  plural: 'endpointslices',
  singular: 'endpointslice',
  kind: 'EndpointSlice',
  listKind: 'EndpointSliceList',
  namespaced: true,
  setDefaults,
  validate: (object) => validateSlice(object),
  validateUpdate: (after, before) =>
    immutable('addressType', after.addressType, before.addressType),
  columns: [
    nameColumn,
    { name: 'AddressType' },
    { name: 'Ports' },
    { name: 'Endpoints' },
    ageColumn,
  ],
  row: (object, now) => {
    const { metadata, addressType, ports, endpoints } = object
    return [
      metadata.name,
      addressType,
      firstThree(
        (ports ?? []).map(({ port, name }) => String(port ?? (name || '*'))),
        '<unset>',
      ),
      firstThree(
        (endpoints ?? []).flatMap(({ addresses }) => addresses),
        '<unset>',
      ),
      ageOf(metadata.creationTimestamp, now),
    ]
  },
}

function setDefaults(object: EndpointSlice): void {
  for (const port of object.ports ?? []) {
    port.name ??= ''
    port.protocol ||= 'TCP'
  }
}

const endpointsMax = 1000
const addressesMax = 100

function validateSlice({ addressType, endpoints, ports }: EndpointSlice): FieldError[] {
  const errors = addressType
    ? oneOf('addressType', addressType, ['FQDN', 'IPv4', 'IPv6'])
    : [required('addressType')]
  if ((endpoints ?? []).length > endpointsMax) {
    errors.push(
      invalidValue('endpoints', endpoints?.length, `must have at most ${endpointsMax} items`),
    )
  }
  endpoints?.forEach(({ addresses }, index) => {
    const at = `endpoints[${index}].addresses`
    if (!addresses?.length) errors.push(required(at, 'must contain at least 1 address'))
    else if (addresses.length > addressesMax) {
      errors.push(invalidValue(at, addresses.length, `must have at most ${addressesMax} items`))
    }
    addresses?.forEach((address, position) => {
      const problem = addressProblem(addressType, address)
      if (problem) errors.push(invalidValue(`${at}[${position}]`, address, problem))
    })
  })
  const names = new Set<string>()
  const repeated = (ports ?? []).flatMap(({ name = '' }, index) => {
    const isRepeated = names.has(name)
    names.add(name)
    return isRepeated ? [duplicate(`ports[${index}].name`, name)] : []
  })
  return [...errors, ...repeated]
}

function ipProblem(address: string, isOfFamily: boolean, family: string): string {
  if (!isIpAddress(address)) return 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
  return isOfFamily ? '' : `must be an ${family} address`
}

function addressProblem(addressType: string, address: string): string {
  if (addressType === 'IPv4') return ipProblem(address, isIpv4(address), 'IPv4')
  if (addressType === 'IPv6') return ipProblem(address, isIpv6(address), 'IPv6')
  return subdomainProblem(address)
}
