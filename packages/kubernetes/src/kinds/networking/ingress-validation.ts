import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import {
  dns1035Problem,
  isIpAddress,
  portNameProblem,
  portNumberProblem,
  subdomainProblem,
  wildcardSubdomainProblem,
} from '../../name-syntax.ts'
import type { HTTPIngressPath, Ingress, IngressBackend } from '../../object.ts'

/** What is wrong with an Ingress's spec. */
export function validateIngress({ metadata, spec }: Ingress): FieldError[] {
  const { rules = [], tls = [], defaultBackend, ingressClassName } = spec
  const errors: FieldError[] = []
  if (rules.length === 0 && !defaultBackend) {
    errors.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, 'spec.defaultBackend'))
  rules.forEach(({ host, http }, index) => {
    const at = `spec.rules[${index}]`
    if (host) errors.push(...validateHost(host, `${at}.host`))
    if (!http) return
    if (!http.paths?.length) errors.push(required(`${at}.http.paths`))
    http.paths?.forEach((path, position) => {
      errors.push(...validatePath(path, `${at}.http.paths[${position}]`))
    })
  })
  tls.forEach(({ hosts = [], secretName }, index) => {
    const at = `spec.tls[${index}]`
    hosts.forEach((host, position) => {
      errors.push(...validateHost(host, `${at}.hosts[${position}]`))
    })
    const problem = secretName ? subdomainProblem(secretName) : ''
    if (problem) errors.push(invalidValue(`${at}.secretName`, secretName, problem))
  })
  const classProblem = ingressClassName === undefined ? '' : subdomainProblem(ingressClassName)
  if (classProblem)
    errors.push(invalidValue('spec.ingressClassName', ingressClassName, classProblem))
  const annotated = metadata.annotations?.[classAnnotation]
  if (annotated && ingressClassName && annotated !== ingressClassName) {
    const detail = 'must match `ingressClassName` when both are specified'
    errors.push(invalidValue(`annotations.${classAnnotation}`, annotated, detail))
  }
  return errors
}

/** How a class was named before there was a field for it. */
const classAnnotation = 'kubernetes.io/ingress.class'

function validateHost(host: string, field: string): FieldError[] {
  if (isIpAddress(host)) return [invalidValue(field, host, 'must be a DNS name, not an IP address')]
  const problem = host.includes('*') ? wildcardSubdomainProblem(host) : subdomainProblem(host)
  return problem ? [invalidValue(field, host, problem)] : []
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const strangeSequences = ['//', '/./', '/../', '%2f', '%2F']
const strangeEndings = ['/..', '/.']

function validatePath({ path = '', pathType, backend }: HTTPIngressPath, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (!pathType) errors.push(required(`${at}.pathType`, 'pathType must be specified'))
  else if (!pathTypes.includes(pathType))
    errors.push(notSupported(`${at}.pathType`, pathType, pathTypes))
  const isExact = pathType === 'Exact' || pathType === 'Prefix'
  if (isExact && !path.startsWith('/')) {
    errors.push(invalidValue(`${at}.path`, path, 'must be an absolute path'))
  } else if (isExact) {
    for (const sequence of strangeSequences.filter((text) => path.includes(text))) {
      errors.push(invalidValue(`${at}.path`, path, `must not contain '${sequence}'`))
    }
    for (const ending of strangeEndings.filter((text) => path.endsWith(text))) {
      errors.push(invalidValue(`${at}.path`, path, `cannot end with '${ending}'`))
    }
  } else if (path !== '' && !path.startsWith('/')) {
    errors.push(invalidValue(`${at}.path`, path, 'must be an absolute path'))
  }
  return [...errors, ...validateBackend(backend ?? {}, `${at}.backend`)]
}

function validateBackend({ service, resource }: IngressBackend, at: string): FieldError[] {
  if (resource && service) {
    return [invalidValue(at, '', 'cannot set both resource and service backends')]
  }
  if (resource) {
    const parts = (['kind', 'name'] as const).filter((part) => !resource[part])
    return parts.map((part) => required(`${at}.resource.${part}`, `${part} is required`))
  }
  if (!service) return [invalidValue(at, '', 'resource or service backend is required')]
  const nameProblem = service.name ? dns1035Problem(service.name) : ''
  const errors: FieldError[] = []
  if (!service.name) errors.push(required(`${at}.service.name`))
  else if (nameProblem) errors.push(invalidValue(`${at}.service.name`, service.name, nameProblem))
  return [...errors, ...validateBackendPort(service.port ?? {}, at)]
}

function validateBackendPort({ name, number }: { name?: string; number?: number }, at: string) {
  if (name && number) return [invalidValue(at, '', 'cannot set both port name & port number')]
  if (name) {
    const problem = portNameProblem(name)
    return problem ? [invalidValue(`${at}.service.port.name`, name, problem)] : []
  }
  if (!number) return [required(at, 'port name or number is required')]
  const problem = portNumberProblem(number)
  return problem ? [invalidValue(`${at}.service.port.number`, number, problem)] : []
}
