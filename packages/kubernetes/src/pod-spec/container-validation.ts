import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notFoundValue,
  required,
} from '../field-error.ts'
import { duplicates, oneOf } from '../field-rules.ts'
import {
  configMapKeyProblem,
  environmentNameProblem,
  labelProblem,
  portNameProblem,
  portNumberProblem,
  subdomainProblem,
} from '../name-syntax.ts'
import type { Container, PodSpec, VolumeMount } from '../object.ts'
import { graceSecondsDefault } from '../pods/pod-end.ts'
import {
  environmentFields,
  validateFieldReference,
  validateResourceReference,
} from './downward-fields.ts'
import { validateLifecycle } from './handler-validation.ts'
import { validateIdentity } from './identity-validation.ts'
import { validateProbe } from './probe-validation.ts'
import { validateRequirements } from './resource-requirements.ts'

/** The pod around a container, with the names of its volumes. */
type Around = { spec: PodSpec; volumes: ReadonlySet<string | undefined> }

/** What is wrong with one container of a pod, wherever it stands. */
export function validateContainer(container: Container, field: string, pod: Around): FieldError[] {
  const { name, image, imagePullPolicy, terminationMessagePolicy } = container
  const nameProblem = labelProblem(name ?? '')
  const errors: FieldError[] = []
  if (!name) errors.push(required(`${field}.name`))
  else if (nameProblem) errors.push(invalidValue(`${field}.name`, name, nameProblem))
  if (!image) errors.push(required(`${field}.image`))
  else if (image.trim() !== image) {
    errors.push(
      invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace'),
    )
  }
  if (!imagePullPolicy) errors.push(required(`${field}.imagePullPolicy`))
  return [
    ...errors,
    ...oneOf(`${field}.imagePullPolicy`, imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...oneOf(`${field}.terminationMessagePolicy`, terminationMessagePolicy, [
      'File',
      'FallbackToLogsOnError',
    ]),
    ...validatePorts(container, field, pod.spec),
    ...validateEnvironment(container, field),
    ...validateMounts(container, field, pod.volumes),
    ...oneOf(`${field}.securityContext.procMount`, container.securityContext?.procMount, [
      'Default',
      'Unmasked',
    ]),
    ...validateRequirements(container.resources ?? {}, `${field}.resources`),
    ...validateLifecycle(container.lifecycle ?? {}, `${field}.lifecycle`, graceSecondsOf(pod.spec)),
    ...validateRights(container.securityContext ?? {}, `${field}.securityContext`),
    ...validateIdentity(container.securityContext ?? {}, `${field}.securityContext`),
    ...validateProbe(container.livenessProbe, `${field}.livenessProbe`),
    ...validateProbe(container.startupProbe, `${field}.startupProbe`),
    ...validateProbe(container.readinessProbe, `${field}.readinessProbe`, Number.POSITIVE_INFINITY),
  ]
}

const graceSecondsOf = ({ terminationGracePeriodSeconds: seconds }: PodSpec): number =>
  seconds ?? graceSecondsDefault

/** A privileged container cannot be denied privilege escalation. */
function validateRights(
  context: NonNullable<Container['securityContext']>,
  field: string,
): FieldError[] {
  const { privileged, allowPrivilegeEscalation, capabilities } = context
  if (allowPrivilegeEscalation !== false) return []
  const refuse = (what: string) =>
    invalidValue(field, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`)
  if (privileged) return [refuse('`privileged` to true')]
  const isAdmin = capabilities?.add?.includes('CAP_SYS_ADMIN')
  return isAdmin ? [refuse('`capabilities.Add` CAP_SYS_ADMIN')] : []
}

function validatePorts({ ports = [] }: Container, field: string, spec: PodSpec): FieldError[] {
  return [
    ...duplicates(
      ports.map(({ name }) => name),
      (index) => `${field}.ports[${index}].name`,
    ),
    ...ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
      const at = `${field}.ports[${index}]`
      const errors: FieldError[] = []
      const nameProblem = name ? portNameProblem(name) : ''
      if (nameProblem) errors.push(invalidValue(`${at}.name`, name, nameProblem))
      if (!containerPort) errors.push(required(`${at}.containerPort`))
      else if (portNumberProblem(containerPort)) {
        errors.push(
          invalidValue(`${at}.containerPort`, containerPort, portNumberProblem(containerPort)),
        )
      }
      if (hostPort && portNumberProblem(hostPort)) {
        errors.push(invalidValue(`${at}.hostPort`, hostPort, portNumberProblem(hostPort)))
      }
      if (spec.hostNetwork && hostPort && hostPort !== containerPort) {
        const detail = 'must match `containerPort` when `hostNetwork` is true'
        errors.push(invalidValue(`${at}.hostPort`, hostPort, detail))
      }
      return [...errors, ...oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])]
    }),
  ]
}

function validateEnvironment({ env = [], envFrom = [] }: Container, field: string): FieldError[] {
  const named = env.flatMap(({ name, value, valueFrom }, index) => {
    const at = `${field}.env[${index}]`
    if (!name) return [required(`${at}.name`)]
    const problem = environmentNameProblem(name)
    if (problem) return [invalidValue(`${at}.name`, name, problem)]
    if (!valueFrom) return []
    const sources = Object.values(valueFrom).filter((source) => source !== undefined)
    if (sources.length !== 1) {
      const detail =
        sources.length === 0
          ? 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
          : 'may not have more than one field specified at a time'
      return [invalidValue(`${at}.valueFrom`, '', detail)]
    }
    if (value) {
      return [invalidValue(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty')]
    }
    const { fieldRef, resourceFieldRef } = valueFrom
    if (fieldRef) {
      return validateFieldReference(fieldRef, `${at}.valueFrom.fieldRef`, environmentFields)
    }
    if (resourceFieldRef) {
      return validateResourceReference(resourceFieldRef, `${at}.valueFrom.resourceFieldRef`)
    }
    return (['configMapKeyRef', 'secretKeyRef'] as const).flatMap((source) => {
      const selector = valueFrom[source]
      if (!selector) return []
      const selectorAt = `${at}.valueFrom.${source}`
      const { name = '', key } = selector
      const misnamed = validateName(name, `${selectorAt}.name`)
      if (!key) return [...misnamed, required(`${selectorAt}.key`)]
      const keyProblem = configMapKeyProblem(key)
      return keyProblem
        ? [...misnamed, invalidValue(`${selectorAt}.key`, key, keyProblem)]
        : misnamed
    })
  })
  const sources = envFrom.flatMap(({ configMapRef, secretRef }, index) => {
    const at = `${field}.envFrom[${index}]`
    if (!configMapRef && !secretRef) {
      return [
        invalidValue(`${field}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`'),
      ]
    }
    if (configMapRef && secretRef) {
      const detail = 'may not have more than one field specified at a time'
      return [invalidValue(`${field}.envFrom`, '', detail)]
    }
    const of = configMapRef ? `${at}.configMapRef.name` : `${at}.secretRef.name`
    const { name } = configMapRef ?? secretRef ?? {}
    return name ? validateName(name, of) : [required(of)]
  })
  return [...named, ...sources]
}

/** Validates a reference to another object by name. */
function validateName(name: string, field: string): FieldError[] {
  const problem = subdomainProblem(name)
  return problem ? [invalidValue(field, name, problem)] : []
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']

/** Bidirectional propagation requires a privileged container. Upstream's error names the list, not its element. */
function validatePropagation(
  { mountPropagation }: VolumeMount,
  field: string,
  isPrivileged: boolean,
): FieldError[] {
  const at = `${field}.mountPropagation`
  if (mountPropagation !== 'Bidirectional' || isPrivileged) {
    return oneOf(at, mountPropagation, propagations)
  }
  const detail = 'Bidirectional mount propagation is available only to privileged containers'
  return [forbiddenField(at, detail)]
}

function validateMounts(
  { volumeMounts = [], securityContext }: Container,
  field: string,
  volumes: Around['volumes'],
): FieldError[] {
  const paths = new Set<string>()
  return volumeMounts.flatMap((mount, index) => {
    const at = `${field}.volumeMounts[${index}]`
    const errors: FieldError[] = []
    if (!mount.name) errors.push(required(`${at}.name`))
    if (!volumes.has(mount.name)) errors.push(notFoundValue(`${at}.name`, mount.name ?? ''))
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`))
    else if (paths.has(mount.mountPath)) {
      errors.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    }
    paths.add(mount.mountPath)
    const list = `${field}.volumeMounts`
    const isPrivileged = securityContext?.privileged === true
    return [
      ...errors,
      ...validateSubPath(mount, list, at),
      ...validatePropagation(mount, list, isPrivileged),
    ]
  })
}

function validateSubPath({ subPath, subPathExpr }: VolumeMount, list: string, at: string) {
  if (subPath && subPathExpr) {
    const detail = 'subPathExpr and subPath are mutually exclusive'
    return [invalidValue(`${at}.subPathExpr`, subPathExpr, detail)]
  }
  // Upstream names the list here, not its element.
  if (subPath) return validateInnerPath(subPath, `${list}.subPath`)
  return subPathExpr ? validateInnerPath(subPathExpr, `${list}.subPathExpr`) : []
}

/** A path below something else: relative, and never upwards. */
export function validateInnerPath(path: string, field: string): FieldError[] {
  if (path.startsWith('/')) return [invalidValue(field, path, 'must be a relative path')]
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []
}
