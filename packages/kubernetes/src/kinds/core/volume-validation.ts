import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { duplicates } from '../../field-rules.ts'
import { isJsonObject } from '../../json-object.ts'
import { labelProblem } from '../../name-syntax.ts'
import type { Volume } from '../../object.ts'
import { validateInnerPath } from './container-validation.ts'

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

/** What each kind of source cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  configMap: ['name'],
  secret: ['secretName'],
  hostPath: ['path'],
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
  return [...errors, ...validateItems(volume, field)]
}

function validateItems({ configMap, secret }: Volume, field: string): FieldError[] {
  const at = `${field}.${configMap ? 'configMap' : 'secret'}.items`
  return ((configMap ?? secret)?.items ?? []).flatMap(({ key, path }, index) => {
    if (!key) return [required(`${at}[${index}].key`)]
    if (!path) return [required(`${at}[${index}].path`)]
    return validateInnerPath(path, `${at}[${index}].path`)
  })
}
