import { isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { definitionOf, type Resource, type ResourceTable, resourceId } from '@reckon/kubernetes'
import { effectOf } from '../kinds/kind-events.ts'
import { isEntireState, type StoredObject } from '../stored-object.ts'
import { refOf, streamOf } from '../stream-name.ts'
import { definitionsId } from './custom-resources.ts'

/** The object of a stream in a view, if it has one. */
type Known = { resource: Resource; stored: StoredObject } | undefined

/**
 * Whether nothing before this event in its stream matters to a view that has just applied it: it ends an object, or a
 * fold of the object can begin with it. Never for definitions of kinds, because objects are passed over before their
 * kind is defined; nor for objects of such kinds, which are folded by the definition at their beginning.
 */
export function supersedes(event: RecordedEvent, known: Known, resources: ResourceTable): boolean {
  if (isSystemEvent(event)) return false
  if (known === undefined) return isEnd(event, resources)
  const { resource, stored } = known
  // Only these are parsed, as many others never are.
  const isWhole = stored.changes === 0 && stored.position === event.position
  return isWhole && isFixed(resource) && isEntireState(resource, event)
}

function isEnd({ stream, type }: RecordedEvent, resources: ResourceTable): boolean {
  const ref = type.endsWith('Deleted') ? refOf(stream) : undefined
  const resource = ref && resources.named(ref.resourceId)
  if (ref === undefined || resource === undefined || !isFixed(resource)) return false
  const isItsStream = streamOf(resource, ref.namespace, ref.name) === stream
  return isItsStream && effectOf(resource, type) === 'Deleted'
}

const isFixed = (resource: Resource): boolean =>
  definitionOf(resource) === undefined && resourceId(resource) !== definitionsId
