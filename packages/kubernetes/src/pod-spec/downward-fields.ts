import { type FieldError, invalidValue, notSupported, required } from '../field-error.ts'
import { labelKeyProblem } from '../label-syntax.ts'

/** Pod fields that environment variables may refer to. */
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

/** Pod fields that files may refer to. */
export const fileFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

/** All fields that the downward API knows. */
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

/** A reference to a container's requests or limits. */
export type ResourceReference = { containerName?: string; resource?: string; divisor?: string }

/** The allowed divisors (upstream's `validateContainerResourceDivisor`). */
const ofMemory = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']
const divisors: readonly { suffix: string; what: string; allowed: readonly string[] }[] = [
  { suffix: '.cpu', what: 'cpu', allowed: ['1m', '1'] },
  { suffix: '.memory', what: 'memory', allowed: ofMemory },
  { suffix: '.ephemeral-storage', what: 'local ephemeral storage', allowed: ofMemory },
]

export function validateResourceReference(
  { resource = '', divisor = '0' }: ResourceReference,
  field: string,
): FieldError[] {
  const at = `${field}.resource`
  if (resource === '') return [required(at)]
  const isHugePages = hugePages.some((prefix) => resource.startsWith(prefix))
  if (!isHugePages && !amounts.includes(resource)) return [notSupported(at, resource, amounts)]
  const { what, allowed } = divisors.find(({ suffix }) => resource.endsWith(suffix)) ?? {
    ...{ what: 'hugepages', allowed: ofMemory },
  }
  const isAllowed = divisor === '0' || allowed.some((each) => each === divisor)
  if (isAllowed) return []
  const listed = allowed.length > 2 ? allowed.join(', ') : allowed.join(' and ')
  const detail = `only divisor's values ${listed} are supported with the ${what} resource`
  return [invalidValue(`${field}.divisor`, resource, detail)]
}
