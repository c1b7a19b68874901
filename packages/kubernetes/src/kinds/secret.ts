import { ageOf } from '../human-duration.ts'
import { subdomainProblem } from '../name-syntax.ts'
import type { Secret } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './cells.ts'
import { validateSecret, validateSecretUpdate } from './secret-validation.ts'

/** Secret: names, defaults, rules and columns. */
export const secret: Resource = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'secrets',
  singular: 'secret',
  kind: 'Secret',
  listKind: 'SecretList',
  namespaced: true,
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: { type: (object) => (object as Secret).type ?? '' },
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults: (object) => setDefaults(object as Secret),
  validate: (object) => validateSecret(object as Secret),
  validateUpdate: (after, before) => validateSecretUpdate(after as Secret, before as Secret),
  columns: [nameColumn, { name: 'Type' }, { name: 'Data' }, ageColumn],
  row: (object, now) => {
    const { data = {}, type = '', metadata } = object as Secret
    return [metadata.name, type, Object.keys(data).length, ageOf(metadata.creationTimestamp, now)]
  },
}

/** What is given as text is only a way of writing: it becomes data, over what stands there under the same key. */
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
