import { apiVersionOf, type GroupVersion, type Resource } from '../resource.ts'
import type { Schema } from './schema.ts'
import data from './schemas.json' with { type: 'json' }

/** Every schema by upstream's name for it, `io.k8s.api.core.v1.Pod`. */
export const schemas: Readonly<Record<string, Schema>> = data

const refPrefix = '#/components/schemas/'

/** What a reference leads to: the name of the schema, and the schema if there is one. */
type Reference = { name: string; schema: Schema | undefined }

/** Each reference is taken apart once: every field of every object that is read asks for what its schema refers to. */
const references = new Map<string, Reference>()

function referenceOf($ref: string): Reference {
  const known = references.get($ref)
  if (known !== undefined) return known
  const name = referredTo($ref)
  const reference = { name, schema: schemas[name] }
  // What is not there may be named by anybody, and any number of times.
  if (reference.schema !== undefined) references.set($ref, reference)
  return reference
}

/** The name of the schema that another one refers to, if it does. */
export function referredName({ $ref }: Schema): string | undefined {
  return $ref === undefined ? undefined : referenceOf($ref).name
}

/** The name of the schema that a reference points to. */
export const referredTo = ($ref: string): string => $ref.slice(refPrefix.length)

/** A reference to the schema of this name. */
export const referred = (name: string): Schema => ({ $ref: refPrefix + name })

/** The schema itself, or the one that it refers to. */
export function resolved(schema: Schema): Schema {
  const { $ref } = schema
  return $ref === undefined ? schema : (referenceOf($ref).schema ?? schema)
}

const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions'

/**
 * Upstream's name for a kind's schema: the first word of the group is its package; for custom kinds the group is
 * reversed.
 */
export function schemaName({ group, version }: GroupVersion, kind: string): string {
  if (group === 'apiextensions.k8s.io') return `${apiextensions}.${version}.${kind}`
  if (group.includes('.') && !group.endsWith('.k8s.io')) {
    return `${group.split('.').reverse().join('.')}.${version}.${kind}`
  }
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}.${kind}`
}

/** The schema of a resource's kind in one of its versions; every resource has one. */
export function schemaOf(groupVersion: GroupVersion, { kind, schemas: own }: Resource): Schema {
  const schema = own?.[apiVersionOf(groupVersion)] ?? schemas[schemaName(groupVersion, kind)]
  if (schema === undefined) throw new Error(`no schema for ${schemaName(groupVersion, kind)}`)
  return schema
}
