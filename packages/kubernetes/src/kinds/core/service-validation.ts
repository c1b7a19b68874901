import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  required,
} from '../../field-error.ts'
import { duplicates, oneOf } from '../../field-rules.ts'
import { labelKeyProblems } from '../../label-syntax.ts'
import { validateLabels } from '../../metadata-validation.ts'
import {
  isIpAddress,
  labelProblem,
  portNameProblem,
  portNumberProblem,
  subdomainProblem,
} from '../../name-syntax.ts'
import type { Service, ServicePort } from '../../object.ts'

/** What is wrong with a Service's spec. */
export function validateService({ spec }: Service): FieldError[] {
  const { ports = [], clusterIP } = spec
  const isHeadless = clusterIP === 'None'
  const errors: FieldError[] = []
  if (ports.length === 0 && !isHeadless && spec.type !== 'ExternalName') {
    errors.push(required('spec.ports'))
  }
  if (clusterIP && !isHeadless && !isIpAddress(clusterIP)) {
    const detail = "must be empty, 'None', or a valid IP address"
    errors.push(invalidValue('spec.clusterIPs[0]', clusterIP, detail))
  }
  if (isHeadless && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    const detail = `may not be set to 'None' for ${spec.type} services`
    errors.push(invalidValue('spec.clusterIPs[0]', clusterIP, detail))
  }
  return [
    ...errors,
    ...validateExternalName(spec),
    ...ports.flatMap((port, index) => validatePort(port, `spec.ports[${index}]`, spec)),
    ...validateUniqueness(ports),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...oneOf('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']),
    ...oneOf('spec.trafficDistribution', spec.trafficDistribution, ['PreferClose']),
    ...validateAddresses(spec),
    ...validateClass(spec),
    ...oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']),
    ...oneOf('spec.internalTrafficPolicy', spec.internalTrafficPolicy, ['Cluster', 'Local']),
    ...oneOf('spec.externalTrafficPolicy', spec.externalTrafficPolicy, ['Cluster', 'Local']),
    ...validateFamilies(spec),
    ...validateAffinity(spec),
    ...validateExternal(spec),
    ...(spec.externalIPs ?? []).flatMap((ip, index) =>
      isIpAddress(ip)
        ? []
        : [
            invalidValue(
              `spec.externalIPs[${index}]`,
              ip,
              'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
            ),
          ],
    ),
  ]
}

/** `clusterIP` is the first of `clusterIPs`. */
function validateAddresses({ type, clusterIP, clusterIPs = [] }: Service['spec']): FieldError[] {
  if (type === 'ExternalName' || clusterIPs.length === 0) return []
  if (!clusterIP) {
    const detail = 'must be empty when `clusterIP` is not specified'
    return [invalidValue('spec.clusterIPs', clusterIPs, detail)]
  }
  if (clusterIPs[0] === clusterIP) return []
  return [invalidValue('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`')]
}

/** A load balancer class has the form of a label key. */
const validateClass = ({ type, loadBalancerClass: name }: Service['spec']): FieldError[] =>
  type === 'LoadBalancer' && name !== undefined
    ? labelKeyProblems(name).map((problem) => invalidValue('spec.loadBalancerClass', name, problem))
    : []

function validateExternalName({ type, externalName, clusterIP }: Service['spec']): FieldError[] {
  if (type !== 'ExternalName') return []
  if (clusterIP) {
    return [forbiddenField('spec.clusterIPs', 'may not be set for ExternalName services')]
  }
  if (!externalName) return [required('spec.externalName')]
  const problem = subdomainProblem(externalName.replace(/\.$/, ''))
  return problem ? [invalidValue('spec.externalName', externalName, problem)] : []
}

function validatePort(
  port: ServicePort,
  at: string,
  { type, ports = [] }: Service['spec'],
): FieldError[] {
  const errors: FieldError[] = []
  if (!port.name && ports.length > 1) errors.push(required(`${at}.name`))
  const nameProblem = port.name ? labelProblem(port.name) : ''
  if (nameProblem) errors.push(invalidValue(`${at}.name`, port.name, nameProblem))
  const portProblem = portNumberProblem(port.port)
  if (portProblem) errors.push(invalidValue(`${at}.port`, port.port ?? 0, portProblem))
  errors.push(...(port.protocol ? [] : [required(`${at}.protocol`)]))
  errors.push(...oneOf(`${at}.protocol`, port.protocol, ['TCP', 'UDP']))
  const { targetPort } = port
  const targetProblem =
    typeof targetPort === 'string' ? portNameProblem(targetPort) : portNumberProblem(targetPort)
  if (targetProblem) errors.push(invalidValue(`${at}.targetPort`, targetPort ?? 0, targetProblem))
  const { appProtocol = '' } = port
  const protocolProblems = appProtocol ? labelKeyProblems(appProtocol) : []
  errors.push(
    ...protocolProblems.map((each) => invalidValue(`${at}.appProtocol`, appProtocol, each)),
  )
  if (port.nodePort && (type === 'ClusterIP' || type === 'ExternalName')) {
    errors.push(forbiddenField(`${at}.nodePort`, `may not be used when \`type\` is '${type}'`))
  } else if (port.nodePort && portNumberProblem(port.nodePort)) {
    errors.push(invalidValue(`${at}.nodePort`, port.nodePort, portNumberProblem(port.nodePort)))
  }
  return errors
}

function validateUniqueness(ports: readonly ServicePort[]): FieldError[] {
  const repeated = (claim: (port: ServicePort) => string) => {
    const seen = new Set<string>()
    return ports.flatMap((port, index) => {
      const text = claim(port)
      if (text && seen.has(text)) return [{ port, at: `spec.ports[${index}]` }]
      seen.add(text)
      return []
    })
  }
  const pairs = repeated(({ protocol, port }) => `${protocol}/${port}`)
  const nodePorts = repeated(({ protocol, nodePort }) =>
    nodePort ? `${protocol}/${nodePort}` : '',
  )
  return [
    ...duplicates(
      ports.map(({ name }) => name),
      (index) => `spec.ports[${index}].name`,
    ),
    ...pairs.map(({ at, port: { protocol, port } }) => duplicate(at, { protocol, port })),
    ...nodePorts.map(({ at, port }) => duplicate(`${at}.nodePort`, port.nodePort)),
  ]
}

/** The cluster address and the health check port may not change while the Service has them. */
export function validateServiceUpdate(
  { spec: after }: Service,
  { spec: before }: Service,
): FieldError[] {
  const { healthCheckNodePort: is } = after
  const isMoved = hasHealthPort(after) && hasHealthPort(before) && is !== before.healthCheckNodePort
  return [
    ...validateAddressUpdate(after, before),
    ...(isMoved && before.healthCheckNodePort
      ? [invalidValue('spec.healthCheckNodePort', is, 'field is immutable')]
      : []),
  ]
}

/** Whether load balancers check each machine for pods of the Service and send traffic only to those that have some. */
export const hasHealthPort = ({ type, externalTrafficPolicy }: Service['spec']): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local'

function validateAddressUpdate(after: Service['spec'], before: Service['spec']): FieldError[] {
  if (after.type === 'ExternalName' || before.type === 'ExternalName' || !before.clusterIP)
    return []
  if (after.clusterIP === before.clusterIP) return []
  return [invalidValue('spec.clusterIPs[0]', after.clusterIPs ?? [], 'may not change once set')]
}

/** Only IPv4 is supported. */
function validateFamilies({ ipFamilies = [], ipFamilyPolicy, clusterIPs = [] }: Service['spec']) {
  const single = 'this cluster is not configured for dual-stack services'
  return [
    ...oneOf('spec.ipFamilyPolicy', ipFamilyPolicy, [
      'SingleStack',
      'PreferDualStack',
      'RequireDualStack',
    ]),
    ...(ipFamilyPolicy === 'RequireDualStack'
      ? [invalidValue('spec.ipFamilyPolicy', ipFamilyPolicy, single)]
      : []),
    ...duplicates(ipFamilies, (index) => `spec.ipFamilies[${index}]`),
    ...ipFamilies.flatMap((family, index) => {
      const field = `spec.ipFamilies[${index}]`
      if (family === 'IPv6') return [invalidValue(field, family, 'not configured on this cluster')]
      return oneOf(field, family, ['IPv4', 'IPv6'])
    }),
    ...(clusterIPs.length > 1 ? [invalidValue('spec.clusterIPs', clusterIPs, single)] : []),
  ]
}

const affinitySecondsMax = 86_400

function validateAffinity({ sessionAffinity, sessionAffinityConfig: config }: Service['spec']) {
  if (config === undefined) return []
  const field = 'spec.sessionAffinityConfig'
  if (sessionAffinity !== 'ClientIP') {
    return [forbiddenField(field, 'must not be set when session affinity is None')]
  }
  const seconds = config.clientIP?.timeoutSeconds
  if (seconds !== undefined && seconds > 0 && seconds <= affinitySecondsMax) return []
  const detail = `must be greater than 0 and less than ${affinitySecondsMax}`
  return [invalidValue(`${field}.clientIP.timeoutSeconds`, seconds, detail)]
}

const ofLocalBalanced =
  "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"

/** Fields for external clients are allowed only in Services that these can reach. */
function validateExternal(spec: Service['spec']): FieldError[] {
  const isBalanced = spec.type === 'LoadBalancer'
  const isReached = isBalanced || spec.type === 'NodePort' || (spec.externalIPs ?? []).length > 0
  const ofBalanced = (
    ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'loadBalancerSourceRanges'] as const
  ).filter((field) => spec[field] !== undefined && !isBalanced)
  const unserved = spec.loadBalancerSourceRanges && isBalanced ? ['loadBalancerSourceRanges'] : []
  const notReached = 'may only be set for externally-accessible services'
  return [
    ...(spec.externalTrafficPolicy && !isReached
      ? [invalidValue('spec.externalTrafficPolicy', spec.externalTrafficPolicy, notReached)]
      : []),
    ...ofBalanced.map((field) =>
      forbiddenField(`spec.${field}`, "may only be used when `type` is 'LoadBalancer'"),
    ),
    ...(spec.healthCheckNodePort && !hasHealthPort(spec)
      ? [invalidValue('spec.healthCheckNodePort', spec.healthCheckNodePort, ofLocalBalanced)]
      : []),
    ...unserved.map((field) => forbiddenField(`spec.${field}`, 'is not supported by this server')),
  ]
}
