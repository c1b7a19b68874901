import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../field-error.ts'
import { duplicates } from '../field-rules.ts'
import { isJsonObject } from '../json/json-object.ts'
import { validateClaimSpec } from '../kinds/core/persistent-volume-claim-validation.ts'
import { labelProblem } from '../name-syntax.ts'
import type { Volume } from '../object.ts'
import { compareQuantities } from '../quantity.ts'
import { validateInnerPath } from './container-validation.ts'
import {
  fileFields,
  type ResourceReference,
  validateFieldReference,
  validateResourceReference,
} from './downward-fields.ts'

/** What is wrong with a pod's volumes. */
export function validateVolumes(volumes: readonly Volume[], field: string): FieldError[] {
  return [
    ...duplicates(
      volumes.map(({ name }) => name),
      (index) => `${field}[${index}].name`,
    ),
    ...volumes.flatMap((volume, index) => validateVolume(volume, `${field}[${index}]`)),
  ]
}

/** The required fields of each kind of source. */
const needs: Readonly<Record<string, readonly string[]>> = {
  configMap: ['name'],
  secret: ['secretName'],
  hostPath: ['path'],
  nfs: ['server', 'path'],
  persistentVolumeClaim: ['claimName'],
}

function validateVolume(volume: Volume, field: string): FieldError[] {
  const errors: FieldError[] = []
  const problem = labelProblem(volume.name ?? '')
  if (!volume.name) errors.push(required(`${field}.name`))
  else if (problem) errors.push(invalidValue(`${field}.name`, volume.name, problem))
  const [first, ...more] = Object.entries(volume).filter(([key]) => key !== 'name')
  if (first === undefined) return [...errors, required(field, 'must specify a volume type')]
  for (const [other] of more) {
    errors.push(forbiddenField(`${field}.${other}`, 'may not specify more than 1 volume type'))
  }
  const [source, given] = first
  for (const part of needs[source] ?? []) {
    if (!isJsonObject(given) || !given[part]) errors.push(required(`${field}.${source}.${part}`))
  }
  if (volume.hostPath?.path?.split('/').includes('..')) {
    errors.push(
      invalidValue(`${field}.hostPath.path`, volume.hostPath.path, "must not contain '..'"),
    )
  }
  return [
    ...errors,
    ...(isHostPathType(volume.hostPath?.type)
      ? []
      : [notSupported(`${field}.hostPath.type`, volume.hostPath?.type, ['', ...hostPathTypes])]),
    ...(volume.nfs?.path && !volume.nfs.path.startsWith('/')
      ? [invalidValue(`${field}.nfs.path`, volume.nfs.path, 'must be an absolute path')]
      : []),
    ...validateSizeLimit(volume, field),
    ...validateEphemeral(volume, `${field}.ephemeral`),
    ...fileSources.flatMap((source) => {
      const files: Files | undefined = volume[source]
      return files ? validateFiles(files, `${field}.${source}`) : []
    }),
    ...validateProjected(volume.projected, `${field}.projected`),
  ]
}

/** The types of a hostPath. */
export const hostPathTypes = [
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

/** As upstream, which also lists the empty type. */
const isHostPathType = (type = ''): boolean => type === '' || hostPathTypes.includes(type)

function validateEphemeral({ ephemeral }: Volume, field: string): FieldError[] {
  if (ephemeral === undefined) return []
  const { volumeClaimTemplate: template } = ephemeral
  const at = `${field}.volumeClaimTemplate`
  return template ? validateClaimSpec(template.spec, `${at}.spec`) : [required(at)]
}

function validateSizeLimit({ emptyDir }: Volume, field: string): FieldError[] {
  const limit = emptyDir?.sizeLimit
  if (limit === undefined || compareQuantities(limit, '0') >= 0) return []
  const detail = 'SizeLimit field must be a valid resource quantity'
  return [forbiddenField(`${field}.emptyDir.sizeLimit`, detail)]
}

/** The sources of volumes that consist of files. */
const fileSources = ['configMap', 'secret', 'downwardAPI'] as const
type File = {
  key?: string
  path: string
  mode?: number
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: ResourceReference
}
type Files = { defaultMode?: number; items?: readonly File[] }

function validateFiles({ defaultMode, items = [] }: Files, field: string): FieldError[] {
  const isDownward = field.endsWith('.downwardAPI')
  return [
    ...validateMode(defaultMode, `${field}.defaultMode`),
    ...items.flatMap((item, index) => {
      // For files of the downward API upstream's error names the list.
      const at = isDownward ? field : `${field}.items[${index}]`
      return [
        ...(isDownward ? validateDownward(item, at) : item.key ? [] : [required(`${at}.key`)]),
        ...(item.path ? validateInnerPath(item.path, `${at}.path`) : [required(`${at}.path`)]),
        ...validateMode(item.mode, `${at}.mode`),
      ]
    }),
  ]
}

function validateDownward({ fieldRef, resourceFieldRef }: File, at: string): FieldError[] {
  if (fieldRef && resourceFieldRef) {
    return [
      invalidValue(
        at,
        'resource',
        'fieldRef and resourceFieldRef can not be specified simultaneously',
      ),
    ]
  }
  if (fieldRef) return validateFieldReference(fieldRef, `${at}.fieldRef`, fileFields)
  if (!resourceFieldRef) {
    return [required(at, 'one of fieldRef and resourceFieldRef is required')]
  }
  if (!resourceFieldRef.containerName) return [required(`${at}.resourceFieldRef.containerName`)]
  return validateResourceReference(resourceFieldRef, `${at}.resourceFieldRef`)
}

function validateMode(mode: number | undefined, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return []
  const detail = 'must be a number between 0 and 0777 (octal), both inclusive'
  return [invalidValue(field, mode, detail)]
}

function validateProjected(projected: Volume['projected'], field: string): FieldError[] {
  const { sources = [], defaultMode } = projected ?? {}
  return [
    ...validateMode(defaultMode, `${field}.defaultMode`),
    ...sources.flatMap((source, index) => {
      const at = `${field}.sources[${index}]`
      const [, ...more] = Object.keys(source)
      const { serviceAccountToken: token } = source
      return [
        ...more.map((other) =>
          forbiddenField(`${at}.${other}`, 'may not specify more than 1 volume type'),
        ),
        ...(source.configMap && !source.configMap.name ? [required(`${at}.configMap.name`)] : []),
        ...(source.secret && !source.secret.name ? [required(`${at}.secret.name`)] : []),
        ...fileSources.flatMap((kind) => {
          const files: Files | undefined = source[kind]
          return files ? validateFiles(files, `${at}.${kind}`) : []
        }),
        ...(token ? validateToken(token, `${at}.serviceAccountToken`) : []),
      ]
    }),
  ]
}

const tokenSecondsMin = 600
const tokenSecondsMax = 2 ** 32

function validateToken(
  {
    path,
    expirationSeconds: seconds = tokenSecondsMin,
  }: { path?: string; expirationSeconds?: number },
  at: string,
): FieldError[] {
  const field = `${at}.expirationSeconds`
  return [
    ...(seconds < tokenSecondsMin
      ? [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')]
      : []),
    ...(seconds > tokenSecondsMax
      ? [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
      : []),
    ...(path ? validateInnerPath(path, `${at}.path`) : [required(`${at}.path`)]),
  ]
}
