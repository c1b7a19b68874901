import {
  type ConfigMap,
  type Container,
  ownValue,
  type Pod,
  type Secret,
  type Service,
  StatusError,
} from '@reckon/kubernetes'
import { expandVariables } from './expand-variables.ts'
import { fieldOf, type PodAddresses } from './pod-field.ts'
import { type Allocatable, resourceFieldOf } from './resource-field.ts'
import { serviceVariables } from './service-variables.ts'

type Variable = NonNullable<Container['env']>[number]

/** The sources that variables may refer to. */
export type EnvironmentSources = {
  services: readonly Service[]
  configMap(namespace: string, name: string): ConfigMap | undefined
  secret(namespace: string, name: string): Secret | undefined
  addresses: PodAddresses
  allocatable: Allocatable
}

/**
 * The environment of a container: variables of Services, then `envFrom`, then `env`; later ones override earlier ones.
 * Refuses with `NotFound` or `Invalid` where a reference cannot be resolved.
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
    const ref = secretRef ?? configMapRef
    if (!ref) continue
    const texts = textsOf(sources, secretRef ? 'secret' : 'configmap', namespace, ref.name)
    if (texts === undefined && !ref.optional) {
      throw notFound(secretRef ? 'secret' : 'configmap', ref.name)
    }
    for (const [key, value] of Object.entries(texts ?? {})) variables[prefix + key] = value
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
  if (from.resourceFieldRef) {
    return resourceFieldOf(pod, container, from.resourceFieldRef, sources.allocatable)
  }
  const ref = from.secretKeyRef ?? from.configMapKeyRef
  if (!ref) return undefined
  const { name = '', key, optional } = ref
  const kind = from.secretKeyRef ? 'secret' : 'configmap'
  const namespace = pod.metadata.namespace ?? ''
  const texts = textsOf(sources, kind, namespace, name)
  const value = ownValue(texts, key)
  if (value !== undefined || optional) return value
  if (texts === undefined) throw notFound(kind, name)
  const where = `${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${name}`
  throw new StatusError('NotFound', `couldn't find key ${key} in ${where}`)
}

/** The entries of a ConfigMap or Secret as text; undefined where it does not exist. */
function textsOf(
  sources: EnvironmentSources,
  kind: 'configmap' | 'secret',
  namespace: string,
  name = '',
): Readonly<Record<string, string>> | undefined {
  if (kind === 'configmap') {
    const configMap = sources.configMap(namespace, name)
    return configMap && (configMap.data ?? {})
  }
  const secret = sources.secret(namespace, name)
  const texts = Object.entries(secret?.data ?? {}).map(
    ([key, base64]) => [key, Buffer.from(base64, 'base64').toString()] as const,
  )
  return secret && Object.fromEntries(texts)
}

const notFound = (kind: string, name: string | undefined) =>
  new StatusError('NotFound', `${kind} "${name}" not found`)
