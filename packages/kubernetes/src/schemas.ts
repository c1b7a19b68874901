import type { GroupVersion } from './resource.ts'
import data from './schemas/schemas.json' with { type: 'json' }

/** The part of an OpenAPI schema that upstream's types use. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly oneOf?: readonly Schema[]
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
}

/** Every schema by upstream's name for it, `io.k8s.api.core.v1.Pod`. */
export const schemas = data as unknown as Readonly<Record<string, Schema>>

const refPrefix = '#/components/schemas/'

/** The name of the schema that another one refers to, if it does. */
export function referredName({ $ref }: Schema): string | undefined {
  return $ref?.slice(refPrefix.length)
}

/** What a schema says itself, or by the one that it refers to. */
export function resolved(schema: Schema): Schema {
  const name = referredName(schema)
  return (name === undefined ? undefined : schemas[name]) ?? schema
}

/** Upstream's name for the schema of a kind: groups' first words are its packages. */
export function schemaName({ group, version }: GroupVersion, kind: string): string {
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}.${kind}`
}

/** The schema of a kind in one of its versions; every kind in the table has one. */
export function schemaOf(groupVersion: GroupVersion, kind: string): Schema {
  const schema = schemas[schemaName(groupVersion, kind)]
  if (schema === undefined) throw new Error(`no schema for ${schemaName(groupVersion, kind)}`)
  return schema
}
