import {
  type ConfigMap,
  type Container,
  cpuMillis,
  memoryBytes,
  type Pod,
  type Service,
  StatusError,
} from '@reckon/kubernetes'
import { expandVariables } from './expand-variables.ts'
import { fieldOf, type PodAddresses } from './pod-field.ts'
import { serviceVariables } from './service-variables.ts'

type Variable = NonNullable<Container['env']>[number]

/** What the variables of a container may refer to. */
export type EnvironmentSources = {
  services: readonly Service[]
  configMap(namespace: string, name: string): ConfigMap | undefined
  addresses: PodAddresses
  /** What a container without limits may use. */
  allocatable: { cpu: string; memory: string }
}

/**
 * The environment of a container: the Services', then `envFrom`, then `env`, each over the ones before. Refuses with
 * `NotFound` or `Invalid` where the container names something that is not there.
 */
export function environmentOf(
  pod: Pod,
  container: Container,
  sources: EnvironmentSources,
): Record<string, string> {
  const namespace = pod.metadata.namespace ?? ''
  const links = pod.spec.enableServiceLinks ?? true
  const services = serviceVariables(sources.services, namespace, links)
  const variables: Record<string, string> = {}
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    if (secretRef) throw secretsUnsupported(secretRef.name)
    if (!configMapRef) continue
    const configMap = sources.configMap(namespace, configMapRef.name ?? '')
    if (configMap === undefined && !configMapRef.optional) throw notFound(configMapRef.name)
    for (const [key, value] of Object.entries(configMap?.data ?? {}))
      variables[prefix + key] = value
  }
  for (const variable of container.env ?? []) {
    const value =
      variable.valueFrom === undefined
        ? expandVariables(variable.value ?? '', { ...services, ...variables })
        : valueFrom(variable, { pod, container, sources })
    if (value !== undefined) variables[variable.name] = value
  }
  return { ...services, ...variables }
}

/** Undefined where an optional source is missing. */
function valueFrom(
  { valueFrom: from = {} }: Variable,
  { pod, container, sources }: { pod: Pod; container: Container; sources: EnvironmentSources },
): string | undefined {
  if (from.fieldRef) return fieldOf(pod, from.fieldRef.fieldPath, sources.addresses)
  if (from.resourceFieldRef)
    return resourceOf(pod, container, { ...from.resourceFieldRef }, sources)
  if (from.secretKeyRef) throw secretsUnsupported(from.secretKeyRef.name)
  if (!from.configMapKeyRef) return undefined
  const { name = '', key, optional } = from.configMapKeyRef
  const namespace = pod.metadata.namespace ?? ''
  const configMap = sources.configMap(namespace, name)
  const value = configMap?.data?.[key]
  if (value !== undefined || optional) return value
  if (configMap === undefined) throw notFound(name)
  throw new StatusError('NotFound', `couldn't find key ${key} in ConfigMap ${namespace}/${name}`)
}

function resourceOf(
  pod: Pod,
  container: Container,
  ref: { containerName?: string; resource: string; divisor?: string },
  { allocatable }: EnvironmentSources,
): string {
  const of = pod.spec.containers.find((each) => each.name === ref.containerName) ?? container
  const [kind = '', resource = ''] = ref.resource.split('.')
  const amount =
    of.resources?.[kind === 'requests' ? 'requests' : 'limits']?.[resource] ??
    (kind === 'limits' ? allocatable[resource as 'cpu' | 'memory'] : '0') ??
    '0'
  const divisor = ref.divisor === undefined || ref.divisor === '0' ? '1' : ref.divisor
  const units = resource === 'cpu' ? cpuMillis : memoryBytes
  return `${Math.ceil(units(amount) / units(divisor))}`
}

const notFound = (name: string | undefined) =>
  new StatusError('NotFound', `configmap "${name}" not found`)

const secretsUnsupported = (name: string | undefined) =>
  new StatusError('Invalid', `secret "${name}": this node cannot read Secrets yet`)
