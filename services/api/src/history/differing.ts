import { type Author, type ObjectRef, type StoredObject, streamOf } from '@reckon/domain'
import { namesOf, type Resource } from '@reckon/kubernetes'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import { type ObjectsAt, objectsAt } from './objects-at.ts'
import { authorsBetween, type Home, type Span, timesTouched, touchedBetween } from './touched.ts'

/** An object that may differ between two moments, and who wrote to it in between. */
export type Differing = {
  resource: Resource
  ref: ObjectRef
  before: StoredObject | undefined
  since: StoredObject | undefined
  authors(): Promise<readonly Author[]>
}

type Context = { ports: Pick<ApiPorts, 'log' | 'index' | 'objects'>; past: Past }
type DifferenceQuery = {
  span: Span
  namespace: string | undefined
  isWanted(home: Home): boolean
  signal: AbortSignal
}

/** The largest number of events that are read; if there are more, the objects of both moments are compared instead. */
const eventsMaxDefault = 20_000
/** Up to this many objects of a kind are read one by one. */
const oneByOneMax = 50

/**
 * The objects that may differ between two moments: for a short span from its events, for a long one from the objects
 * themselves, so that the cost depends on the number of objects rather than on what happened. Throws once the signal
 * aborts.
 */
export async function* differing(
  context: Context,
  asked: DifferenceQuery,
  eventsMax = eventsMaxDefault,
): AsyncGenerator<Differing> {
  const { ports } = context
  const { log, index } = ports
  const times = index && (await timesTouched({ log, index }, asked.span, asked))
  const total = times?.values().reduce((sum, count) => sum + count, 0) ?? 0
  if (times && total > eventsMax) yield* byObjects(context, asked, [...times.keys()])
  else yield* byEvents(context, asked)
}

async function* byEvents(context: Context, asked: DifferenceQuery): AsyncGenerator<Differing> {
  const touched = await touchedBetween(context.ports, asked.span, asked)
  const byKind = Map.groupBy(touched, ({ resourceId }) => resourceId)
  const many = new Set(
    byKind.entries().flatMap(([id, { length }]) => (length > oneByOneMax ? [id] : [])),
  )
  const [then, now] = momentsOf(context, asked, many)
  for (const { authors, ...ref } of touched) {
    const resource = context.ports.objects.resources.named(ref.resourceId)
    if (resource === undefined) continue
    const before = await then.get(resource, ref.namespace, ref.name)
    const since = await now.get(resource, ref.namespace, ref.name)
    yield { resource, ref, before, since, authors: async () => authors }
  }
}

async function* byObjects(
  context: Context,
  asked: DifferenceQuery,
  kinds: readonly string[],
): AsyncGenerator<Differing> {
  const { log, objects } = context.ports
  for (const id of kinds) {
    const resource = objects.resources.named(id)
    if (resource === undefined) continue
    // One kind at a time, to hold fewer objects in memory.
    const [then, now] = await Promise.all(
      momentsOf(context, asked).map((moment) => moment.all(resource)),
    )
    for (const key of new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const [before, since] = [then?.get(key), now?.get(key)]
      if (before?.position === since?.position) continue
      const [namespace, name] = namesOf(key)
      const ref = { resourceId: id, namespace, name }
      const stream = streamOf(resource, namespace, name)
      yield { resource, ref, before, since, authors: () => authorsBetween(log, stream, asked.span) }
    }
  }
}

function momentsOf(
  { past }: Context,
  { span: { after, upTo }, namespace, signal }: DifferenceQuery,
  many?: ReadonlySet<string>,
): [ObjectsAt, ObjectsAt] {
  const at = (position: bigint) =>
    objectsAt(past, { position, namespace, signal, ...(many && { many }) })
  return [at(after), at(upTo)]
}
