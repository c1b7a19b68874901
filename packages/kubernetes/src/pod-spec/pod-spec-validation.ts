import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  required,
} from '../field-error.ts'
import { duplicates, int32From, nonNegative, oneOf } from '../field-rules.ts'
import { labelKeyProblem, labelValueProblem } from '../label-syntax.ts'
import { validateLabels } from '../metadata-validation.ts'
import { isIpAddress, labelProblem, subdomainProblem } from '../name-syntax.ts'
import type { PodSecurityContext, PodSpec, Toleration } from '../object.ts'
import { compiled, refusalsOf } from '../unserved/field-rules.ts'
import { refusedInPodSpec } from '../unserved/pod-spec-fields.ts'
import { validateAffinity } from './affinity-validation.ts'
import { validateContainer } from './container-validation.ts'
import { validateDns } from './dns-validation.ts'
import { validateIdentity } from './identity-validation.ts'
import { validateSpread } from './spread-validation.ts'
import { validateVolumes } from './volume-validation.ts'

/** Validates a pod's spec; `field` is its path. */
export function validatePodSpec(spec: PodSpec, field: string): FieldError[] {
  const { activeDeadlineSeconds, hostAliases = [], securityContext = {} } = spec
  return [
    ...validateVolumes(spec.volumes ?? [], `${field}.volumes`),
    ...validateContainers(spec, field),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, [
      'ClusterFirstWithHostNet',
      'ClusterFirst',
      'Default',
      'None',
    ]),
    ...validateDns(spec, field),
    ...nonNegative(`${field}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds),
    ...int32From(1, `${field}.activeDeadlineSeconds`, activeDeadlineSeconds),
    ...validatePodIdentity(securityContext, `${field}.securityContext`),
    ...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
    ...validateName(spec.nodeName, `${field}.nodeName`, subdomainProblem),
    ...validateName(spec.serviceAccountName, `${field}.serviceAccountName`, subdomainProblem),
    ...validateName(spec.hostname, `${field}.hostname`, labelProblem),
    ...validateName(spec.subdomain, `${field}.subdomain`, labelProblem),
    ...validateTolerations(spec.tolerations ?? [], `${field}.tolerations`),
    ...validateAffinity(spec.affinity, `${field}.affinity`),
    ...validateSpread(spec.topologySpreadConstraints ?? [], `${field}.topologySpreadConstraints`),
    ...validateName(spec.runtimeClassName, `${field}.runtimeClassName`, subdomainProblem),
    ...validateName(spec.priorityClassName, `${field}.priorityClassName`, subdomainProblem),
    ...oneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']),
    ...validateGates(spec, field),
    ...(spec.shareProcessNamespace && spec.hostPID
      ? [
          invalidValue(
            `${field}.securityContext.shareProcessNamespace`,
            true,
            'ShareProcessNamespace and HostPID cannot both be enabled',
          ),
        ]
      : []),
    ...refusalsOf(refused, spec, field),
    ...hostAliases.flatMap((alias, index) =>
      validateAlias(alias, `${field}.hostAliases[${index}]`),
    ),
  ]
}

const refused = compiled(refusedInPodSpec)

function validateAlias(
  { ip = '', hostnames = [] }: NonNullable<PodSpec['hostAliases']>[number],
  field: string,
): FieldError[] {
  const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
  return [
    ...(isIpAddress(ip) ? [] : [invalidValue(`${field}.ip`, ip, detail)]),
    ...hostnames.flatMap((name, index) =>
      validateName(name, `${field}.hostnames[${index}]`, subdomainProblem),
    ),
  ]
}

/** Validates scheduling gates and readiness gates. */
function validateGates(
  { schedulingGates = [], readinessGates = [], nodeName }: PodSpec,
  field: string,
): FieldError[] {
  const names = schedulingGates.map(({ name }) => name)
  const at = (index: number) => `${field}.schedulingGates[${index}]`
  return [
    ...names.flatMap((name = '', index) => validateName(name || '/', at(index), labelKeyProblem)),
    ...duplicates(names, at),
    ...(nodeName && names.length > 0
      ? [
          forbiddenField(
            `${field}.nodeName`,
            'cannot be set until all schedulingGates have been cleared',
          ),
        ]
      : []),
    ...readinessGates.flatMap(({ conditionType = '' }, index) => {
      const problem = labelKeyProblem(conditionType)
      const gate = `${field}.readinessGates[${index}].conditionType`
      return problem ? [invalidValue(gate, conditionType, problem)] : []
    }),
  ]
}

function validatePodIdentity(context: PodSecurityContext, field: string): FieldError[] {
  return [
    ...validateIdentity(context, field),
    ...int32From(0, `${field}.fsGroup`, context.fsGroup),
    ...oneOf(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, [
      'Always',
      'OnRootMismatch',
    ]),
    ...validateSysctls(context.sysctls ?? [], `${field}.sysctls`),
    ...(context.supplementalGroups ?? []).flatMap((group, index) =>
      int32From(0, `${field}.supplementalGroups[${index}]`, group),
    ),
  ]
}

const sysctlPattern = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const isSysctl = new RegExp(`^${sysctlPattern}$`)
const sysctlLengthMax = 253

/** Validates the names of sysctls. */
function validateSysctls(sysctls: readonly { name?: string }[], field: string): FieldError[] {
  const seen = new Set<string>()
  return sysctls.flatMap(({ name = '' }, index) => {
    const at = `${field}[${index}].name`
    if (name === '') return [required(at)]
    const dotted = name.replaceAll('/', '.')
    const isRepeated = seen.has(dotted)
    seen.add(dotted)
    const detail = `must have at most ${sysctlLengthMax} characters and match regex ^${sysctlPattern}$`
    return [
      ...(name.length <= sysctlLengthMax && isSysctl.test(name)
        ? []
        : [invalidValue(at, name, detail)]),
      ...(isRepeated ? [duplicate(at, name)] : []),
    ]
  })
}

function validateName(
  name: string | undefined,
  field: string,
  problemOf: (name: string) => string,
) {
  const problem = name ? problemOf(name) : ''
  return problem ? [invalidValue(field, name, problem)] : []
}

function validateContainers(spec: PodSpec, field: string): FieldError[] {
  const { containers = [], initContainers = [] } = spec
  if (containers.length === 0) return [required(`${field}.containers`)]
  const names = [...containers, ...initContainers].map(({ name }) => name)
  const pod = { spec, volumes: new Set(spec.volumes?.map(({ name }) => name)) }
  const errors = duplicates(names, (index) =>
    index < containers.length
      ? `${field}.containers[${index}].name`
      : `${field}.initContainers[${index - containers.length}].name`,
  )
  containers.forEach((container, index) => {
    const at = `${field}.containers[${index}]`
    errors.push(...validateContainer(container, at, pod))
    if (container.restartPolicy) {
      errors.push(forbiddenField(`${at}.restartPolicy`, 'may not be set for non-init containers'))
    }
  })
  initContainers.forEach((container, index) => {
    const at = `${field}.initContainers[${index}]`
    errors.push(...validateContainer(container, at, pod))
    errors.push(...oneOf(`${at}.restartPolicy`, container.restartPolicy, ['Always']))
    if (container.restartPolicy === 'Always') return
    for (const part of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (!container[part]) continue
      const detail = 'may not be set for init containers without restartPolicy=Always'
      errors.push(forbiddenField(`${at}.${part}`, detail))
    }
  })
  return [...errors, ...validateHostPorts(spec, field)]
}

/** Two containers of a pod cannot have the same port of the host. */
function validateHostPorts({ containers }: PodSpec, field: string): FieldError[] {
  const taken = new Set<string>()
  return containers.flatMap(({ ports = [] }, container) =>
    ports.flatMap(({ hostPort, hostIP = '', protocol }, port) => {
      if (!hostPort) return []
      const claim = `${protocol}/${hostIP}/${hostPort}`
      const at = `${field}.containers[${container}].ports[${port}].hostPort`
      if (taken.has(claim)) return [duplicate(at, claim)]
      taken.add(claim)
      return []
    }),
  )
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function validateTolerations(tolerations: readonly Toleration[], field: string): FieldError[] {
  return tolerations.flatMap(({ key, operator, value, effect, tolerationSeconds }, index) => {
    const at = `${field}[${index}]`
    const errors: FieldError[] = []
    const problem = key ? labelKeyProblem(key) : ''
    if (problem) errors.push(invalidValue(`${at}.key`, key, problem))
    if (!key && operator !== 'Exists') {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      errors.push(invalidValue(`${at}.operator`, operator ?? '', detail))
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
      errors.push(invalidValue(`${at}.effect`, effect ?? '', detail))
    }
    if (operator === 'Exists' && value) {
      const detail = "value must be empty when `operator` is 'Exists'"
      errors.push(invalidValue(`${at}.operator`, value, detail))
    }
    const valueProblem = labelValueProblem(value ?? '')
    if (valueProblem && operator !== 'Exists') {
      errors.push(invalidValue(`${at}.operator`, value, valueProblem))
    }
    return [
      ...errors,
      ...oneOf(`${at}.operator`, operator, ['Equal', 'Exists']),
      ...oneOf(`${at}.effect`, effect, effects),
    ]
  })
}
