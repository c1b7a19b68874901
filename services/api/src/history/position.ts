import { badRequest } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../past/moments.ts'
import { namedMoment } from '../past/named-moment.ts'
import { untilGone } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizePath, queryOf } from '../requests/request-context.ts'
import { historyPath } from './events.ts'

/** Where a moment is in the log: `prefix` is where the past of it is served, `time` what ages are counted to there. */
type ToldPosition = { position: string; time: string; prefix: string }

/** GET …/position?at=: which position of the log a time or a duration before now is, or when a position was recorded. */
export const position: FastifyPluginAsync<{ ports: ApiPorts; moments: Moments }> = async (
  app,
  { ports, moments },
) => {
  app.get(`${historyPath}/position`, async (request, reply): Promise<ToldPosition> => {
    authorizePath(request)
    const { at = '0s' } = queryOf(request)
    const named = namedMoment(at, ports.clock.now())
    if (named === undefined) {
      throw badRequest(`at: "${at}" is no position of the log, no time and no duration`)
    }
    const gone = untilGone(reply)
    if (!('position' in named)) {
      const found = await moments.positionBy(named.timeMs, gone)
      return told(found, named.timeMs, true)
    }
    const { position: asked, timeMs } = named
    const moment = await moments.of(asked, timeMs, gone)
    return told(asked, moment.timeMs, timeMs !== undefined)
  })
}

function told(position: bigint, timeMs: number, isTimed: boolean): ToldPosition {
  const time = new Date(timeMs).toISOString()
  return {
    position: String(position),
    time,
    prefix: `/at/${position}${isTimed ? `@${time}` : ''}`,
  }
}
