import {
  managedBy,
  rulesOf,
  type WritableSubresource,
  type Write,
  withoutVersion,
} from '@reckon/domain'
import type { Actor } from '@reckon/eventing'
import {
  invalid,
  isDeepEqual,
  isOf,
  type KubernetesObject,
  type ManagedFields,
  namespaces,
  type Resource,
  validateStatus,
} from '@reckon/kubernetes'
import type { Look } from './at-head.ts'
import { admit, defaulted, mutated, validate } from './phases.ts'
import { prepareContextOf } from './prepare-context.ts'
import type { WritePorts } from './write-ports.ts'

type Update = {
  resource: Resource
  /** The wanted object. */
  object: KubernetesObject
  before: KubernetesObject
  subresource: WritableSubresource | undefined
  actor: Actor
}

/** The changed object, with the fields corrected that only the server sets. */
export function updated(
  ports: WritePorts,
  { resource, object: wanted, before, subresource, actor }: Update,
  look: Look,
): KubernetesObject {
  checkIdentity(resource, before, wanted)
  const of = { resource, before, ...(subresource && { subresource }) }
  if (subresource === 'status' || subresource === 'approval') {
    const named = managedBy(labelled(resource, before, wanted), managedFieldsIn(wanted, before))
    const { prepareStatus } = rulesOf(resource)
    const status = prepareStatus ? prepareStatus(wanted, before, subresource) : wanted.status
    const { status: _, ...others } = named
    const after = { ...others, ...(status !== undefined && { status }) }
    if (!isDeepEqual(before, after)) validateStatus(resource, after)
    look(() => admit({ ...of, object: after, actor }, ports.known))
    return after
  }
  const filled: Write = {
    ...of,
    object: defaulted({ ...of, object: merged(resource, before, wanted, subresource) }),
  }
  const object = look(() => mutated(filled, prepareContextOf(ports), ports.known))
  const write: Write = { ...of, object, actor }
  validate(write)
  look(() => admit(write, ports.known))
  return write.object
}

/** The current object with the metadata that may be written together with its status. */
function labelled(
  resource: Resource,
  before: KubernetesObject,
  { metadata: wanted }: KubernetesObject,
): KubernetesObject {
  const metadata = { ...before.metadata }
  for (const field of rulesOf(resource).statusMetadata ?? (['labels', 'annotations'] as const)) {
    delete metadata[field]
    Object.assign(metadata, wanted[field] && { [field]: wanted[field] })
  }
  return { ...before, metadata }
}

/** Whether the last finalizer of a terminating object was removed. */
export const isEnded = (
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  nowMs: number,
): boolean =>
  before.metadata.deletionTimestamp !== undefined &&
  finalizersOf(before).length > 0 &&
  finalizersOf(after).length === 0 &&
  !rulesOf(resource).terminating?.(after, { nowMs })

/** The finalizers of an object; a Namespace also has some in its spec. */
const finalizersOf = (object: KubernetesObject): readonly string[] => [
  ...(object.metadata.finalizers ?? []),
  ...((isOf(namespaces, object) && object.spec?.finalizers) || []),
]

const kept = [
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

/** The wanted object, except for fields that only the server sets, and for the status where that is a subresource. */
function merged(
  resource: Resource,
  before: KubernetesObject,
  wanted: KubernetesObject,
  subresource: WritableSubresource | undefined,
): KubernetesObject {
  const { metadata: asked } = withoutVersion(managedBy(wanted, managedFieldsIn(wanted, before)))
  const metadata = { ...asked }
  for (const field of kept) {
    if (before.metadata[field] === undefined) delete metadata[field]
    else Object.assign(metadata, { [field]: before.metadata[field] })
  }
  if (!resource.subresources.includes('status') || subresource !== undefined) {
    return { ...wanted, metadata }
  }
  const { status: _, ...content } = wanted
  return {
    ...content,
    ...(before.status !== undefined && { status: before.status }),
    metadata,
  }
}

/** The managers of the fields: unchanged where the client omits them, none where it empties them. */
function managedFieldsIn(
  { metadata: { managedFields: wanted } }: KubernetesObject,
  { metadata: { managedFields: known } }: KubernetesObject,
): ManagedFields | undefined {
  if (wanted === undefined || isDeepEqual(wanted, known)) return known
  return wanted.every((entry) => Object.keys(entry).length === 0) ? undefined : wanted
}

function checkIdentity(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
): void {
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const [is, wanted] = [before.metadata[field], after.metadata[field]]
    if (wanted === undefined || wanted === is) continue
    const message = `Invalid value: "${wanted}": field is immutable`
    const cause = { reason: 'FieldValueInvalid' as const, field: `metadata.${field}`, message }
    throw invalid(resource, before.metadata.name, [cause])
  }
}
