import { type FieldError, forbiddenField, invalidValue, tooLong } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { configMapKeyProblem } from '../../name-syntax.ts'
import type { ConfigMap } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** ConfigMap: names, defaults, rules and columns. */
export const configMaps: Resource<ConfigMap> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'configmaps',
  singular: 'configmap',
  kind: 'ConfigMap',
  listKind: 'ConfigMapList',
  namespaced: true,
  shortNames: ['cm'],
  validate: (object) => validateData(object),
  validateUpdate: (after, before) => validateImmutable(after, before),
  columns: [nameColumn, { name: 'Data' }, ageColumn],
  row: (object, now) => {
    const { data = {}, binaryData = {}, metadata } = object
    const keys = Object.keys(data).length + Object.keys(binaryData).length
    return [metadata.name, keys, ageOf(metadata.creationTimestamp, now)]
  },
}

const dataBytesMax = 1024 * 1024

function validateData({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const keyErrors = (part: string, keys: readonly string[]) =>
    keys.flatMap((key) => {
      const problem = configMapKeyProblem(key)
      return problem ? [invalidValue(`${part}[${key}]`, key, problem)] : []
    })
  const both = Object.keys(data).filter((key) => Object.hasOwn(binaryData, key))
  const binary = Object.values(binaryData).reduce((sum, value) => sum + (value.length * 3) / 4, 0)
  return [
    ...keyErrors('data', Object.keys(data)),
    ...keyErrors('binaryData', Object.keys(binaryData)),
    ...both.map((key) =>
      invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'),
    ),
    ...(isWithin(dataBytesMax - binary, Object.values(data)) ? [] : [tooLong('', dataBytesMax)]),
  ]
}

/** Whether texts take no more bytes in UTF-8. Most are so short that they need not be encoded to know it. */
function isWithin(bytesMax: number, texts: readonly string[]): boolean {
  const units = texts.reduce((sum, { length }) => sum + length, 0)
  if (units * bytesOfUnitMax <= bytesMax) return true
  const encoder = new TextEncoder()
  return texts.reduce((sum, text) => sum + encoder.encode(text).length, 0) <= bytesMax
}

/** A unit of UTF-16 becomes at most so many bytes. */
const bytesOfUnitMax = 3

function validateImmutable(after: ConfigMap, before: ConfigMap): FieldError[] {
  if (!before.immutable) return []
  const detail = 'field is immutable when `immutable` is set'
  return [
    ...(after.immutable ? [] : [forbiddenField('immutable', detail)]),
    ...(isDeepEqual(after.data, before.data) ? [] : [forbiddenField('data', detail)]),
    ...(isDeepEqual(after.binaryData, before.binaryData)
      ? []
      : [forbiddenField('binaryData', detail)]),
  ]
}
