import { activityClasses, activityClassOf, subjectOf } from '@reckon/domain'
import { type Describe, type Indexed, type IndexPage, indexed, pageOf } from '@reckon/eventing'
import { type ResourceTable, resourceId } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'

/** The log's own events are told by so many at a time. */
const pageEvents = 500

/**
 * What an event counts as: its class, by its place among them, and of which resource and namespace the object is that it is
 * about.
 */
export const describeWith =
  (resources: ResourceTable): Describe =>
  (event) => ({
    mark: activityClasses.indexOf(activityClassOf(event)),
    scope: scopeOf(resources, subjectOf(event)),
  })

function scopeOf(resources: ResourceTable, subject: ReturnType<typeof subjectOf>): string {
  if (subject === undefined) return ''
  if ('resourceId' in subject) return `${subject.resourceId} ${subject.namespace}`
  const resource = resources.ofKind(subject.apiVersion, subject.kind)
  return `${resource ? resourceId(resource) : ''} ${subject.namespace}`
}

/** What a scope says. */
export function scopeIn(scope: string): { resourceId: string; namespace: string } {
  const [resourceId = '', namespace = ''] = scope.split(' ')
  return { resourceId, namespace }
}

/** What was recorded after a position: from the index as far as it goes, then from the log. */
export async function* activityAfter(
  { log, index, objects, clock }: Pick<ApiPorts, 'log' | 'index' | 'objects' | 'clock'>,
  after: bigint | undefined,
): AsyncGenerator<IndexPage> {
  const upTo = index?.upTo
  const isIndexed = index !== undefined && upTo !== undefined && (after ?? -1n) < upTo
  if (isIndexed) yield* index.pages(after)
  const describe = describeWith(objects.resources)
  let entries: Indexed[] = []
  for await (const event of log.readAll({ after: isIndexed ? upTo : after })) {
    entries.push(...[indexed(event, describe)].flatMap((entry) => entry ?? []))
    if (entries.length < pageEvents) continue
    yield pageOf(entries)
    entries = []
    await clock.sleep(0)
  }
  yield pageOf(entries)
}
