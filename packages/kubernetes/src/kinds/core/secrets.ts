import { ageOf } from '../../human-duration.ts'
import type { Secret } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { validateSecret, validateSecretUpdate } from './secret-validation.ts'

/** Secret: names, defaults, rules and columns. */
export const secrets: Resource<Secret> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'secrets',
  singular: 'secret',
  kind: 'Secret',
  listKind: 'SecretList',
  namespaced: true,
  selectableFields: { type: (object) => object.type ?? '' },
  setDefaults: (object) => setDefaults(object),
  validate: (object) => validateSecret(object),
  validateUpdate: (after, before) => validateSecretUpdate(after, before),
  columns: [nameColumn, { name: 'Type' }, { name: 'Data' }, ageColumn],
  row: (object, now) => {
    const { data = {}, type = '', metadata } = object
    return [metadata.name, type, Object.keys(data).length, ageOf(metadata.creationTimestamp, now)]
  },
}

/** `stringData` is write-only: it becomes `data`, replacing the same keys. */
function setDefaults(object: Secret): void {
  object.type ||= 'Opaque'
  const { data = {}, stringData = {} } = object
  const written = Object.entries(stringData).map(([key, text]) => [key, base64Of(text)] as const)
  const encoded = Object.entries(data).map(
    ([key, text]) => [key, text.replaceAll(/\s/g, '')] as const,
  )
  delete object.stringData
  if (object.data || written.length > 0) object.data = Object.fromEntries([...encoded, ...written])
}

const base64Of = (text: string): string => new TextEncoder().encode(text).toBase64()
