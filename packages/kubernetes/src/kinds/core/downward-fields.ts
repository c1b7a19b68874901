import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { labelKeyProblem } from '../../label-syntax.ts'

/** What a container's environment may be told of its pod. */
export const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** What its files may. */
export const fileFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

/** What of a pod has a name in the downward API at all. */
const labels = new Set([
  ...environmentFields,
  ...fileFields,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
])

/** What is wrong with a reference to a field of the pod. */
export function validateFieldReference(
  { fieldPath = '' }: { fieldPath?: string },
  field: string,
  offered: readonly string[],
): FieldError[] {
  const at = `${field}.fieldPath`
  if (fieldPath === '') return [required(at)]
  const [, path = fieldPath, key] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? []
  if (!labels.has(path)) {
    const detail = `error converting fieldPath: field label not supported: ${fieldPath}`
    return [invalidValue(at, fieldPath, detail)]
  }
  if (key === undefined) return offered.includes(path) ? [] : [notSupported(at, path, offered)]
  if (path !== 'metadata.annotations' && path !== 'metadata.labels') {
    return [invalidValue(field, path, 'does not support subscript')]
  }
  const problem = labelKeyProblem(path === 'metadata.labels' ? key : key.toLowerCase())
  return problem ? [invalidValue(field, key, problem)] : []
}

const amounts = ['limits', 'requests'].flatMap((list) =>
  ['cpu', 'ephemeral-storage', 'memory'].map((name) => `${list}.${name}`),
)
const hugePages = ['limits.hugepages-', 'requests.hugepages-']

/** What a container asks for or may have. */
export type ResourceReference = { containerName?: string; resource?: string }

/** What is wrong with a reference to it. */
export function validateResourceReference(
  { resource = '' }: ResourceReference,
  field: string,
): FieldError[] {
  const at = `${field}.resource`
  if (resource === '') return [required(at)]
  const isHugePages = hugePages.some((prefix) => resource.startsWith(prefix))
  return isHugePages || amounts.includes(resource) ? [] : [notSupported(at, resource, amounts)]
}
