import type { Pod } from '../object.ts'
import { objectKey } from '../object-key.ts'
import { claimsOf } from '../storage.ts'
import { containersOf } from './containers-of.ts'

/** Every ConfigMap, Secret and PersistentVolumeClaim that a pod refers to, as `resource namespace/name`. */
export const namedBy = (pod: Pod): string[] => [
  ...configMapsOf(pod).map((path) => `configmaps ${path}`),
  ...secretsOf(pod).map((path) => `secrets ${path}`),
  ...claimsOf(pod).map((path) => `persistentvolumeclaims ${path}`),
]

/** `namespace/name` of every ConfigMap that a pod's volumes and environment name. */
const configMapsOf = (pod: Pod): string[] => {
  const { volumes, sources, variables, envFrom } = placesOf(pod)
  return pathsOf(pod, [
    ...[...volumes, ...sources].map(({ configMap }) => configMap?.name),
    ...variables.map((from) => from?.configMapKeyRef?.name),
    ...envFrom.map(({ configMapRef }) => configMapRef?.name),
  ])
}

/** `namespace/name` of every Secret that a pod's volumes, environment and image pulls name. */
const secretsOf = (pod: Pod): string[] => {
  const { volumes, sources, variables, envFrom } = placesOf(pod)
  return pathsOf(pod, [
    ...volumes.map(({ secret }) => secret?.secretName),
    ...sources.map(({ secret }) => secret?.name),
    ...variables.map((from) => from?.secretKeyRef?.name),
    ...envFrom.map(({ secretRef }) => secretRef?.name),
    ...(pod.spec.imagePullSecrets ?? []).map(({ name }) => name),
  ])
}

/** The places in a pod that may refer to a ConfigMap or Secret. */
function placesOf({ spec }: Pod) {
  const containers = containersOf(spec)
  const volumes = spec.volumes ?? []
  return {
    volumes,
    sources: volumes.flatMap(({ projected }) => projected?.sources ?? []),
    variables: containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom)),
    envFrom: containers.flatMap(({ envFrom = [] }) => envFrom),
  }
}

const pathsOf = ({ metadata }: Pod, names: readonly (string | undefined)[]): string[] => {
  const { namespace } = metadata
  const given = new Set(names.flatMap((name) => (name ? [name] : [])))
  return [...given].map((name) => objectKey({ namespace, name }))
}
