import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../past/moments.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizePath, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { historyPath } from './events.ts'
import { momentNamed } from './moment-named.ts'

/** Where a moment is in the log: `prefix` is where the past of it is served, `time` what ages are counted to there. */
type ToldPosition = { position: string; time: string; prefix: string }

/** GET …/position?at=: which position of the log a time or a duration before now is, or when a position was recorded. */
export const position: FastifyPluginAsync<{ ports: ApiPorts; moments: Moments }> = async (
  app,
  context,
) => {
  app.get(`${historyPath}/position`, async (request, reply): Promise<ToldPosition> => {
    authorizePath(request)
    const { at = '0s' } = queryOf(request)
    const found = await momentNamed(context, at, untilGone(reply))
    const time = new Date(found.timeMs).toISOString()
    const prefix = `/at/${found.position}${found.isTimed ? `@${time}` : ''}`
    return { position: String(found.position), time, prefix }
  })
}
