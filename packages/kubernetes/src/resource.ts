import type { Findings } from './decoding/findings.ts'
import type { FieldError } from './field-error.ts'
import type { JsonObject } from './json/json-object.ts'
import type { KubernetesObject, LabelSelector, Undefaulted } from './object.ts'
import type { Schema } from './schemas/schema.ts'
import type { Selector } from './selecting/label-selectors.ts'

/** An API group (`''` for core) and one of its versions. */
export type GroupVersion = { readonly group: string; readonly version: string }

/**
 * A served version. A deprecated one names the release that deprecates it and its replacement, as in upstream's
 * warning; a version of a kind defined at run time has its own warning.
 */
type ServedVersion = GroupVersion & {
  readonly deprecated?: string
  readonly successor?: GroupVersion & { readonly kind: string }
  readonly deprecationWarning?: string
}

/** The subresources of all kinds. */
export type Subresource =
  | 'status'
  | 'scale'
  | 'binding'
  | 'eviction'
  | 'log'
  | 'exec'
  | 'attach'
  | 'portforward'
  | 'proxy'
  | 'ephemeralcontainers'
  | 'finalize'
  | 'token'
  | 'approval'

/** Converts an older version of a kind; both functions may modify their argument and reuse its parts. */
export type Conversion = {
  toHub(object: KubernetesObject): KubernetesObject
  fromHub(object: KubernetesObject): KubernetesObject
}

/** An object's wanted and present replicas, and their selector. */
export type Replicas = { wanted: number; present: number; selector: LabelSelector | string }

/** A column of a kind's table; wide ones are only shown by `-o wide`. */
export type Column = {
  readonly name: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly wide?: true
}

/** A row's cells, in the order of the columns. */
export type Cells = readonly (string | number | boolean | null)[]

/** Reads a field. Declared as a method, so that a reader for a kind is also one for any object. */
type FieldReader<T> = { read(object: T): string }['read']

/**
 * Everything that the API knows about a kind; `T` is the type of its objects. Functions are declared as methods, so
 * that a resource of a kind is also one of any object.
 */
export type Resource<T extends KubernetesObject = KubernetesObject> = {
  readonly group: string
  /** The hub: the version in which objects are stored, defaulted and validated. */
  readonly version: string
  /** Every version that is served, the preferred one first. */
  readonly servedVersions: readonly ServedVersion[]
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly listKind: string
  readonly namespaced: boolean
  /** A review: answered when it is created, and never stored. */
  readonly isReview?: true
  /** Usage reported by nodes: its objects can be read, and are never stored. */
  readonly isUsage?: true
  /** Its collection cannot be deleted in one request, as upstream's Namespaces. */
  readonly isDeletedOneByOne?: true
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly Subresource[]
  /** The fields for field selectors besides metadata.name and metadata.namespace. */
  readonly selectableFields: Readonly<Record<string, FieldReader<T>>>
  /** The pods of its namespace that an object selects, if the kind selects pods. */
  podSelector?(object: T): Selector
  /** For kinds with a `scale` subresource. */
  replicas?(object: T): Replicas
  /** Sets the wanted replicas; absent where they are in `spec.replicas`. */
  setReplicas?(object: T, count: number): KubernetesObject
  /** Warnings about fields that are stored without having an effect. */
  warnings?(object: Undefaulted<T>): readonly string[]
  /** Decodes objects of kinds defined at run time; absent where the schema's types suffice. */
  read?(groupVersion: GroupVersion, value: JsonObject, found: Findings): JsonObject
  /** The subjects that an object grants rights to (as `subjectKey` writes them), if the kind grants any. */
  subjects?(object: T): readonly string[]
  /** The hosts that it has rules for ('' for all), each once, if the kind has such rules. */
  hosts?(object: T): readonly string[]
  /** By `<group>/<version>`, for kinds defined at run time; absent where upstream's apply. */
  readonly schemas?: Readonly<Record<string, Schema>>
  /** By `<group>/<version>`, for served versions other than the hub. */
  readonly conversions: Readonly<Record<string, Conversion>>
  /** The problem with a name; empty where it is valid. */
  nameProblem(name: string): string
  /** Fills in defaults; modifies the object. */
  setDefaults(object: T): void
  validate(object: T): readonly FieldError[]
  /** Validates the status, for kinds whose status comes from outside. */
  validateStatus?(object: T): readonly FieldError[]
  /** Checks that immutable fields are unchanged; `validate` has passed already. */
  validateUpdate(after: T, before: T): readonly FieldError[]
  readonly columns: readonly Column[]
  row(object: T, now: Date): Cells
}

/** The `apiVersion` of a group and version: `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`
}

/** The group and version that an `apiVersion` names. */
export function parseApiVersion(apiVersion: string): GroupVersion {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return { group: '', version: apiVersion }
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** The id of a resource in streams and messages: `pods`, `deployments.apps`. */
export function resourceId({ plural, group }: Pick<Resource, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** The warning for a deprecated version; undefined for the others. */
export function deprecationOf(
  resource: Resource,
  { group, version }: GroupVersion,
): string | undefined {
  const served = resource.servedVersions.find(
    (each) => each.group === group && each.version === version,
  )
  if (served?.deprecated === undefined) return served?.deprecationWarning
  const { kind } = resource
  const since = `is deprecated in ${served.deprecated}`
  const { successor = resource } = served
  return `${apiVersionOf(served)} ${kind} ${since}; use ${apiVersionOf(successor)} ${successor.kind}`
}
