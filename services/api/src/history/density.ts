import { activityClasses, type Buckets, Density } from '@reckon/domain'
import { badRequest, type Resource, resourceId } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../past/moments.ts'
import type { ApiPorts } from '../ports.ts'
import { integerOf, type Query, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { activityAfter, ofScopes } from './activity.ts'
import { askedMoment, type Parameter } from './asked-moment.ts'
import { historyPath } from './events.ts'
import { authorizeKinds, kindsNamed } from './kinds-named.ts'
import { slackMs } from './position-at.ts'

type Context = { ports: ApiPorts; moments: Moments }

/** The largest and the default number of parts of a span. */
const bucketsMax = 400
const bucketsDefault = 100

/**
 * GET …/density?from=&to=&buckets=&namespace=&kinds=: the number of events by class, in equal parts of the span between
 * two moments (by default from the log's beginning until now), and the position at which each part ends.
 */
export const density: FastifyPluginAsync<Context> = async (app, context) => {
  const { ports } = context
  app.get(`${historyPath}/density`, async (request, reply) => {
    const query = queryOf(request)
    const { resources } = ports.objects
    const kinds = kindsNamed(resources, query.kinds)
    authorizeKinds(request, kinds, query.namespace || undefined)
    const count = integerOf(query, 'buckets') || bucketsDefault
    if (count > bucketsMax) throw badRequest(`buckets: at most ${bucketsMax}, and not ${count}`)
    const gone = untilGone(reply)
    await waitForVersion(ports, {})
    const buckets = { ...(await spanOf(context, query, gone)), count }
    const counted = await densityOf(context, {
      ...{ buckets, signal: gone },
      isWanted: wantedOf(kinds, query),
    })
    return {
      from: new Date(buckets.fromMs).toISOString(),
      to: new Date(buckets.toMs).toISOString(),
      bucketMs: counted.bucketMs,
      classes: activityClasses,
      counts: activityClasses.map((each) => counted.counts[each]),
      positions: counted.positions.map((position) => position?.toString() ?? null),
    }
  })
}

async function spanOf(
  { ports, moments }: Context,
  { from, to }: Query,
  signal: AbortSignal,
): Promise<Pick<Buckets, 'fromMs' | 'toMs'>> {
  const nowMs = ports.clock.now()
  const timeOf = async (parameter: Parameter) => {
    const named = askedMoment(parameter, nowMs)
    return 'position' in named
      ? (await moments.of(named.position, named.timeMs, signal)).timeMs
      : named.timeMs
  }
  const [one, other] = await Promise.all([
    from ? timeOf({ name: 'from', text: from }) : moments.first().then(({ timeMs }) => timeMs),
    to ? timeOf({ name: 'to', text: to }) : nowMs,
  ])
  return { fromMs: Math.min(one, other), toMs: Math.max(one, other) }
}

type DensityQuery = { buckets: Buckets; isWanted(scope: string): boolean; signal: AbortSignal }

async function densityOf(
  { ports, moments }: Context,
  { buckets, isWanted, signal }: DensityQuery,
): Promise<Density> {
  const counted = new Density(buckets)
  const after = await moments.lastBy(buckets.fromMs - slackMs, signal)
  for await (const page of activityAfter(ports, after)) {
    signal.throwIfAborted()
    for (let place = 0; place < page.count; place++) {
      const timeMs = page.timeMsAt(place)
      if (timeMs > buckets.toMs + slackMs) return counted
      const position = page.positionAt(place)
      const isCounted = isWanted(page.scopeAt(place))
      counted.add({ position, timeMs }, isCounted ? activityClasses[page.markAt(place)] : undefined)
    }
  }
  return counted
}

/** Which events are counted, by the objects that they are about: of one namespace, of some kinds, or all. */
function wantedOf(
  kinds: readonly Resource[] | undefined,
  { namespace }: Query,
): DensityQuery['isWanted'] {
  if (kinds === undefined && !namespace) return () => true
  const ids = kinds && new Set(kinds.map(resourceId))
  const isCounted = ofScopes(
    (about) =>
      (ids === undefined || ids.has(about.resourceId)) &&
      (!namespace || about.namespace === namespace),
  )
  return (scope) => isCounted(scope) !== undefined
}
