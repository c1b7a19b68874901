import type { Clock } from '@reckon/eventing'
import type { ResourceTable } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'

type MomentOfRequest = Pick<FastifyRequest, 'moment'>

/** The clock for the ages in an answer: it stands still for a request about the past. */
export const clockOf = (
  { moment }: MomentOfRequest,
  clock: Pick<Clock, 'now'>,
): Pick<Clock, 'now'> => (moment ? { now: () => moment.timeMs } : clock)

/** The kinds that are served now, or were served at the request's moment. */
export const kindsOf = ({ moment }: MomentOfRequest, resources: ResourceTable): ResourceTable =>
  moment?.resources ?? resources

/** The prefix of the request's path: `/at/<moment>`, or nothing. */
export const prefixOf = ({
  url,
  originalUrl,
}: Pick<FastifyRequest, 'url' | 'originalUrl'>): string =>
  originalUrl.endsWith(url) ? originalUrl.slice(0, -url.length) : ''
