import type { Author, StoredObject } from '@reckon/domain'
import { type FieldChange, fieldChanges, resourceId } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../past/moments.ts'
import type { Past } from '../past/past.ts'
import { yieldEvery } from '../past/yield-every.ts'
import type { ApiPorts } from '../ports.ts'
import { integerOf, isTrue, type Query, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { derivedKinds } from './derived-kinds.ts'
import { type Differing, differing } from './differing.ts'
import { historyPath } from './events.ts'
import { authorizeKinds, kindsNamed } from './kinds-named.ts'
import { type FoundMoment, momentNamed } from './moment-named.ts'
import { shownFields } from './shown-history.ts'
import type { Home } from './touched.ts'

type Context = { ports: ApiPorts; past: Past; moments: Moments }

/** An object that differs between two moments. */
type Difference = {
  kind: string
  resource: string
  namespace?: string
  name: string
  what: 'Created' | 'Deleted' | 'Changed' | 'Replaced'
  fields: readonly FieldChange[]
  authors: Differing['authors']
}

const objectsMaxDefault = 500

/**
 * GET …/diff?from=&to=&namespace=&kinds=&all=&limit=: what differs between two moments (`to` is now by default), by
 * object and field, and who wrote to these objects in between.
 */
export const difference: FastifyPluginAsync<Context> = async (app, context) => {
  app.get(`${historyPath}/diff`, async (request, reply) => {
    const query = queryOf(request)
    const kinds = kindsNamed(context.ports.objects.resources, query.kinds)
    authorizeKinds(request, kinds, query.namespace)
    const gone = untilGone(reply)
    await waitForVersion(context.ports, {})
    const [from, to] = await momentsOf(context, query, gone)
    const isWanted = ({ resourceId: id, namespace }: Home) =>
      (!query.namespace || query.namespace === namespace) &&
      (kinds === undefined ? !derivedKinds.has(id) : kinds.some((kind) => resourceId(kind) === id))
    const found = await differences(context, {
      span: { after: from.position, upTo: to.position },
      ...{ namespace: query.namespace || undefined, isWanted, signal: gone },
      isAll: isTrue(query.all),
    })
    const told = found.sort(byName).slice(0, integerOf(query, 'limit') ?? objectsMaxDefault)
    return {
      from: toldMoment(from),
      to: toldMoment(to),
      count: found.length,
      objects: await withAuthors(told),
    }
  })
}

/** The authors of so many objects are looked up at once. */
const authorsAtOnce = 8

async function withAuthors(differences: readonly Difference[]) {
  const found: (Omit<Difference, 'authors'> & { authors: readonly Author[] })[] = []
  for (let begin = 0; begin < differences.length; begin += authorsAtOnce) {
    const some = differences.slice(begin, begin + authorsAtOnce)
    const told = some.map(async ({ authors, ...each }) => ({ ...each, authors: await authors() }))
    found.push(...(await Promise.all(told)))
  }
  return found
}

/** How many objects are compared before other requests are served. */
const turnObjects = 50

async function differences(
  context: Context,
  { isAll, ...asked }: Parameters<typeof differing>[1] & { isAll: boolean },
): Promise<Difference[]> {
  const { clock } = context.ports
  const turn = yieldEvery({ clock, signal: asked.signal, items: turnObjects })
  const found: Difference[] = []
  for await (const each of differing(context, asked)) {
    const difference = differenceOf(each, isAll)
    if (difference) found.push(difference)
    await turn()
  }
  return found
}

async function momentsOf(
  context: Context,
  { from = '', to }: Query,
  signal: AbortSignal,
): Promise<[FoundMoment, FoundMoment]> {
  const { objects, clock } = context.ports
  const now = { position: objects.position ?? 0n, timeMs: clock.now(), isTimed: false }
  const [one, other] = await Promise.all([
    momentNamed(context, { name: 'from', text: from }, signal),
    to ? momentNamed(context, { name: 'to', text: to }, signal) : now,
  ])
  return one.position <= other.position ? [one, other] : [other, one]
}

function differenceOf(
  { resource, ref, before, since, authors }: Differing,
  isAll: boolean,
): Difference | undefined {
  const what = whatOf(before, since)
  if (what === undefined) return undefined
  const changes =
    what === 'Changed' ? fieldChanges(resource, before?.object, since?.object, 'Empty') : []
  const fields = shownFields(resource, changes, isAll)
  if (what === 'Changed' && fields.length === 0) return undefined
  return {
    ...{ kind: resource.kind, resource: ref.resourceId },
    ...(ref.namespace && { namespace: ref.namespace }),
    ...{ name: ref.name, what, authors },
    fields,
  }
}

function whatOf(
  before: StoredObject | undefined,
  since: StoredObject | undefined,
): Difference['what'] | undefined {
  if (before === undefined) return since && 'Created'
  if (since === undefined) return 'Deleted'
  return before.object.metadata.uid === since.object.metadata.uid ? 'Changed' : 'Replaced'
}

const toldMoment = ({ position, timeMs }: FoundMoment) => ({
  position: String(position),
  time: new Date(timeMs).toISOString(),
})

const byName = (a: Difference, b: Difference): number => (keyOf(a) < keyOf(b) ? -1 : 1)
const keyOf = ({ resource, namespace = '', name }: Difference): string =>
  [namespace, resource, name].join(' ')
