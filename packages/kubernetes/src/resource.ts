import type { Findings } from './decoding/findings.ts'
import type { FieldError } from './field-error.ts'
import type { JsonObject } from './json/json-object.ts'
import type { KubernetesObject, LabelSelector, Undefaulted } from './object.ts'
import type { Schema } from './schemas/schema.ts'
import type { Selector } from './selecting/label-selectors.ts'

/** A group of the API (`''` for the first one) and one of its versions. */
export type GroupVersion = { readonly group: string; readonly version: string }

/**
 * A version that is served; an old one says since when upstream deprecates it, as its warning does, and which kind is
 * used instead, where that is another one. That of a kind defined at run time says its warning itself.
 */
type ServedVersion = GroupVersion & {
  readonly deprecated?: string
  readonly successor?: GroupVersion & { readonly kind: string }
  readonly deprecationWarning?: string
}

/** The paths below an object that are served for some kind. */
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

/**
 * How an older version of a kind is read and written; both may change the object that they get, and use parts of it.
 */
export type Conversion = {
  toHub(object: KubernetesObject): KubernetesObject
  fromHub(object: KubernetesObject): KubernetesObject
}

/** What a Scale tells of an object: how many replicas it wants, how many there are, and which. */
export type Replicas = { wanted: number; present: number; selector: LabelSelector | string }

/** One column of a kind's table; wide ones are shown by `-o wide` only. */
export type Column = {
  readonly name: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly wide?: true
}

/** A row's cells, in the order of the columns. */
export type Cells = readonly (string | number | boolean | null)[]

/** Reads one field; a method, so that one of some kind is also one of any. */
type FieldReader<T> = { read(object: T): string }['read']

/**
 * Everything that the API knows about a kind; `T` is what its objects look like. What it does are methods, so that a
 * resource of some kind is also one of any.
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
  /** A question: its objects are answered when they are created, and never stored. */
  readonly isReview?: true
  /** What nodes tell of what is used: its objects are read, and never stored. */
  readonly isUsage?: true
  /** Its collection cannot be deleted at once, as upstream's Namespaces. */
  readonly isDeletedOneByOne?: true
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly Subresource[]
  /** What a field selector may name besides metadata.name and metadata.namespace. */
  readonly selectableFields: Readonly<Record<string, FieldReader<T>>>
  /** Which pods of its namespace an object selects; absent where it selects none. */
  podSelector?(object: T): Selector
  /** For kinds with the subresource `scale`. */
  replicas?(object: T): Replicas
  /** The object with another number of replicas wanted; absent: that stands in `spec.replicas`. */
  setReplicas?(object: T, count: number): KubernetesObject
  /** Of what in an object its writer is to be warned: what is kept and not acted on. */
  warnings?(object: Undefaulted<T>): readonly string[]
  /** How objects of kinds that are defined at run time are read; absent: by their schema's types. */
  read?(groupVersion: GroupVersion, value: JsonObject, found: Findings): JsonObject
  /** Whom an object gives rights, as `subjectKey` writes them; absent where it gives none. */
  subjects?(object: T): readonly string[]
  /** For which hosts it has rules ('': for all), each once; absent where it has none. */
  hosts?(object: T): readonly string[]
  /** By `<group>/<version>`, for kinds that are defined at run time; absent: upstream's. */
  readonly schemas?: Readonly<Record<string, Schema>>
  /** By `<group>/<version>`, for the served versions that are not the hub. */
  readonly conversions: Readonly<Record<string, Conversion>>
  /** What is wrong with a name of this kind; empty if nothing is. */
  nameProblem(name: string): string
  /** Fills in what the client left out; changes the object that it gets. */
  setDefaults(object: T): void
  validate(object: T): readonly FieldError[]
  /** What is wrong with the status, for kinds whose status comes from outside. */
  validateStatus?(object: T): readonly FieldError[]
  /** What may not change from `before`; `validate` has been asked already. */
  validateUpdate(after: T, before: T): readonly FieldError[]
  readonly columns: readonly Column[]
  row(object: T, now: Date): Cells
}

/** `v1`, `apps/v1`: what an object's `apiVersion` says. */
export function apiVersionOf({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`
}

/** The group and version that an `apiVersion` names. */
export function parseApiVersion(apiVersion: string): GroupVersion {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return { group: '', version: apiVersion }
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** `pods`, `deployments.apps`: how a resource is named in streams and messages. */
export function resourceId({ plural, group }: Pick<Resource, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** What a client is to be told that uses an old version; undefined of the others. */
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
