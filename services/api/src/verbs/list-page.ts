import { listKeyOf, type Range } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import { isOfFormerNamespace } from '../past/former-namespace.ts'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import type { SentList } from '../representation/answer.ts'
import type { RecentChanges } from '../watching/recent-changes.ts'
import { type ContinueToken, encodeContinue } from './continue-token.ts'
import { FirstMatching } from './first-matching.ts'
import { waitForVersion } from './resource-version.ts'
import type { Selection } from './selection.ts'

/** Where the objects of a list are found. */
export type ListSources = {
  ports: ApiPorts
  view: ObjectsView
  recent: RecentChanges
  past: Past
}

/** Which objects a list contains, and which part of it a page is. */
export type PageQuery = {
  resource: Resource
  namespace: string | undefined
  selection: Selection
  /** The largest number of objects in a page; 0 or less means all of them. */
  limit: number
  /** The token that the preceding page ended with; undefined for the first page. */
  token: ContinueToken | undefined
}

/** A version of the past, and whether the user may read it. */
export type PastVersion = {
  version: bigint
  /** For users who may read the past, a signal that aborts when the client has gone; undefined for others. */
  ofPast(): AbortSignal | undefined
}

/** A page of the newest objects, once they are as new as a read with this resourceVersion must be. */
export async function newestPage(
  { ports, view }: ListSources,
  query: PageQuery,
  resourceVersion: string | undefined,
): Promise<SentList> {
  await waitForVersion(ports, { resourceVersion })
  const version = ports.objects.position ?? 0n
  const found = firstMatching(query)
  found.take(view.scan(query.resource, rangeOf(query)))
  const count = () => view.count(query.resource, query.namespace)
  return pageOf(query, found, { version, count })
}

/** A later page of a list, as of the version of its first page; undefined when that is no longer in memory. */
export async function laterPage(
  { ports, recent }: ListSources,
  query: PageQuery,
  { version, ofPast }: PastVersion,
): Promise<SentList | undefined> {
  if (!(await mayBeShown(ports, query, { version, ofPast }))) return undefined
  const remembered = recent.asOf(query.resource, version, rangeOf(query))
  if (remembered === undefined) return undefined
  const found = firstMatching(query)
  found.take(remembered)
  const count = () => recent.countAsOf(query.resource, version, query.namespace)
  return pageOf(query, found, { version, count })
}

/**
 * A page as of exactly one version: from memory, or from the log for users who may read the past; undefined for others.
 */
export async function exactPage(
  { ports, recent, past }: ListSources,
  query: PageQuery,
  { version, ofPast }: PastVersion,
): Promise<SentList | undefined> {
  if (!(await mayBeShown(ports, query, { version, ofPast }))) return undefined
  const range = rangeOf(query)
  const found = firstMatching(query)
  const remembered = recent.asOf(query.resource, version, range)
  if (remembered) found.take(remembered)
  else {
    const gone = ofPast()
    if (gone === undefined) return undefined
    await found.takeComing(past.at(version).list(query.resource, range, gone))
  }
  const count = () => recent.countAsOf(query.resource, version, query.namespace)
  return pageOf(query, found, { version, isExact: true, count })
}

/** Waits for the version. Only users who may read the past see what a former namespace of the same name had. */
async function mayBeShown(
  ports: ApiPorts,
  { namespace }: PageQuery,
  { version, ofPast }: PastVersion,
): Promise<boolean> {
  await waitForVersion(ports, { resourceVersion: String(version) })
  return !(await isOfFormerNamespace(ports, namespace, version)) || ofPast() !== undefined
}

const rangeOf = ({ namespace, token, selection }: PageQuery): Range => ({
  ...{ namespace, after: token?.after, labels: selection.labels },
})

/** Collects what a range, which has already chosen by namespace and labels, contains for the query. */
const firstMatching = ({ selection, limit }: PageQuery): FirstMatching =>
  new FirstMatching(selection.isByFields ? selection.matches : undefined, Math.max(limit, 0))

type Listed = {
  version: bigint
  isExact?: true
  /** The number of objects in the whole list without selectors; undefined if it is not known. */
  count(): number | undefined
}

function pageOf(
  { selection, token }: PageQuery,
  { items, isEnd }: FirstMatching,
  { version, isExact, count }: Listed,
): SentList {
  const resourceVersion = String(version)
  const last = items.at(-1)
  if (isEnd || last === undefined) return { items, meta: { resourceVersion } }
  const given = (token?.given ?? 0) + items.length
  const next = { version, after: listKeyOf(last.object), given }
  // As upstream, only lists without a selector are counted.
  const total = selection.isAll ? count() : undefined
  return {
    items,
    meta: {
      resourceVersion,
      continue: encodeContinue(isExact ? { ...next, exact: true } : next),
      ...(total !== undefined && { remainingItemCount: total - given }),
    },
  }
}
