import { activityClasses, activityClassOf, subjectOf } from '@reckon/domain'
import { type Describe, type Indexed, type IndexPage, indexed, pageOf } from '@reckon/eventing'
import { type ResourceTable, resourceId } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { isAsked } from './undo/is-asked.ts'

/** How many events the log passes on at a time. */
const pageEvents = 500

/**
 * What an event is indexed by: its class (by index), the resource and namespace of its object, and the user who asked
 * for it. The user is empty for what the cluster does by itself, because its nodes alone are many.
 */
export const describeWith =
  (resources: ResourceTable): Describe =>
  (event) => ({
    mark: activityClasses.indexOf(activityClassOf(event)),
    scope: `${homeOf(resources, subjectOf(event))} ${isAsked(event) ? event.metadata?.actor.user : ''}`,
  })

/** The version of the index: an index by other scopes has a folder of its own. */
export const indexForm = 2

function homeOf(resources: ResourceTable, subject: ReturnType<typeof subjectOf>): string {
  if (subject === undefined) return ' '
  if ('resourceId' in subject) return `${subject.resourceId} ${subject.namespace}`
  const resource = resources.ofKind(subject.apiVersion, subject.kind)
  return `${resource ? resourceId(resource) : ''} ${subject.namespace}`
}

/** A parsed scope; `user` is empty where nobody asked. */
export type Scope = { resourceId: string; namespace: string; user: string }

function scopeIn(scope: string): Scope {
  const [resourceId = '', namespace = '', ...user] = scope.split(' ')
  return { resourceId, namespace, user: user.join(' ') }
}

/** Judges a scope by its parts, each scope only once: there are few scopes, and many entries. */
export function ofScopes(isWanted: (scope: Scope) => boolean): (text: string) => Scope | undefined {
  const known = new Map<string, Scope | undefined>()
  return (text) => {
    if (known.has(text)) return known.get(text)
    const scope = scopeIn(text)
    const wanted = isWanted(scope) ? scope : undefined
    known.set(text, wanted)
    return wanted
  }
}

/** What was recorded after a position: from the index as far as it reaches, then from the log. */
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
