import { cidrProblem, isInCidr } from '../../cidr.ts'
import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import { portNameProblem, portNumberProblem } from '../../name-syntax.ts'
import type { NetworkPolicy } from '../../object.ts'
import { validateLabelSelector } from '../../selecting/selector-validation.ts'

type Spec = NetworkPolicy['spec']
type Rule = NonNullable<Spec['ingress']>[number]
type Port = NonNullable<Rule['ports']>[number]
type Peer = NonNullable<Rule['from']>[number]

const directions = ['Ingress', 'Egress']
const protocols = ['TCP', 'UDP', 'SCTP']

/** What is wrong with a NetworkPolicy (upstream's `ValidateNetworkPolicySpec`); of ranges, IPv4 only. */
export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const { podSelector = {}, ingress = [], egress = [], policyTypes = [] } = spec
  return [
    ...validateLabelSelector(podSelector, 'spec.podSelector'),
    ...ingress.flatMap(({ ports = [], from = [] }, index) => {
      const at = `spec.ingress[${index}]`
      return [...validatePorts(ports, at), ...validatePeers(from, `${at}.from`)]
    }),
    ...egress.flatMap(({ ports = [], to = [] }, index) => {
      const at = `spec.egress[${index}]`
      return [...validatePorts(ports, at), ...validatePeers(to, `${at}.to`)]
    }),
    ...policyTypes.flatMap((type, index) =>
      directions.includes(type)
        ? []
        : [notSupported(`spec.policyTypes[${index}]`, type, directions)],
    ),
  ]
}

const validatePorts = (ports: readonly Port[], field: string): FieldError[] =>
  ports.flatMap((port, index) => validatePort(port, `${field}.ports[${index}]`))

function validatePort({ protocol, port, endPort }: Port, at: string): FieldError[] {
  const problem =
    port === undefined
      ? ''
      : typeof port === 'string'
        ? portNameProblem(port)
        : portNumberProblem(port)
  return [
    ...(protocol === undefined || protocols.includes(protocol)
      ? []
      : [notSupported(`${at}.protocol`, protocol, protocols)]),
    ...(problem ? [invalidValue(`${at}.port`, port, problem)] : []),
    ...validateEnd(port, endPort, at),
  ]
}

function validateEnd(port: Port['port'], endPort: number | undefined, at: string): FieldError[] {
  if (endPort === undefined) return []
  const field = `${at}.endPort`
  if (port === undefined)
    return [required(`${at}.port`, 'must be specified when `endPort` is specified')]
  if (typeof port === 'string') {
    return [invalidValue(`${at}.port`, port, 'must be an integer when `endPort` is specified')]
  }
  const problem = portNumberProblem(endPort)
  // Upstream tells of the port, not of its end.
  const order =
    endPort < port ? [invalidValue(field, port, 'must be greater than or equal to `port`')] : []
  return [...order, ...(problem ? [invalidValue(field, endPort, problem)] : [])]
}

const validatePeers = (peers: readonly Peer[], field: string): FieldError[] =>
  peers.flatMap((peer, index) => validatePeer(peer, `${field}[${index}]`))

function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, at: string): FieldError[] {
  const selectors = [podSelector, namespaceSelector].filter((each) => each !== undefined)
  if (selectors.length === 0 && !ipBlock) return [required(at, 'must specify a peer')]
  if (selectors.length > 0 && ipBlock) {
    return [forbiddenField(at, 'may not specify both ipBlock and another peer')]
  }
  return [
    ...(podSelector ? validateLabelSelector(podSelector, `${at}.podSelector`) : []),
    ...(namespaceSelector
      ? validateLabelSelector(namespaceSelector, `${at}.namespaceSelector`)
      : []),
    ...(ipBlock ? validateBlock(ipBlock, `${at}.ipBlock`) : []),
  ]
}

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
const isIpv6Range = (cidr: string): boolean => cidr.includes(':')

function validateBlock(
  { cidr, except = [] }: NonNullable<Peer['ipBlock']>,
  at: string,
): FieldError[] {
  if (!cidr) return [required(`${at}.cidr`)]
  if (isIpv6Range(cidr)) return []
  if (cidrProblem(cidr)) return [invalidValue(`${at}.cidr`, cidr, notCidr)]
  return except.flatMap((part, index) => {
    const field = `${at}.except[${index}]`
    if (cidrProblem(part)) return [invalidValue(field, part, notCidr)]
    const [first = '', bits = ''] = part.split('/')
    const isWithin = isInCidr(first, cidr) && Number(bits) > Number(cidr.split('/')[1])
    return isWithin ? [] : [invalidValue(field, part, 'must be a strict subset of `cidr`')]
  })
}
