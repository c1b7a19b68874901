import type { FastifyPluginAsync } from 'fastify'
import type { Moment } from '../past/moment.ts'
import type { Moments } from '../past/moments.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizePath, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { historyPath } from './events.ts'
import { momentNamed } from './moment-named.ts'

type MomentAnswer = { position: string; time: string }

/**
 * A moment in the log: `prefix` is the path below which its past is served, `time` what ages are counted to there.
 * `first` and `last` are the log's present beginning and end.
 */
type PositionAnswer = MomentAnswer & { prefix: string; first: MomentAnswer; last: MomentAnswer }

/** GET …/position?at=: the position of a time or of a duration before now, or the time of a position. */
export const position: FastifyPluginAsync<{ ports: ApiPorts; moments: Moments }> = async (
  app,
  context,
) => {
  const { ports, moments } = context
  app.get(`${historyPath}/position`, async (request, reply): Promise<PositionAnswer> => {
    authorizePath(request)
    const { at = '0s' } = queryOf(request)
    const gone = untilGone(reply)
    const found = await momentNamed(context, { name: 'at', text: at }, gone)
    const [first, last] = await Promise.all([
      moments.first(),
      moments.of(ports.objects.position ?? 0n, undefined, gone),
    ])
    const moment = answered(found)
    const prefix = `/at/${moment.position}${found.isTimed ? `@${moment.time}` : ''}`
    return { ...moment, prefix, first: answered(first), last: answered(last) }
  })
}

const answered = ({ position, timeMs }: Pick<Moment, 'position' | 'timeMs'>): MomentAnswer => ({
  position: String(position),
  time: new Date(timeMs).toISOString(),
})
