import type { Clock } from '@reckon/eventing'
import type { ResourceTable } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'

type MomentOfRequest = Pick<FastifyRequest, 'moment'>

/** The time that ages in a request's answer are counted to. */
export const clockOf = (
  { moment }: MomentOfRequest,
  clock: Pick<Clock, 'now'>,
): Pick<Clock, 'now'> => (moment ? { now: () => moment.timeMs } : clock)

/** The kinds that are served, or were at the request's moment. */
export const kindsOf = ({ moment }: MomentOfRequest, resources: ResourceTable): ResourceTable =>
  moment?.resources ?? resources

/** What stands before the paths of the present where a request was sent: `/at/<moment>`, or nothing. */
export const prefixOf = ({
  url,
  originalUrl,
}: Pick<FastifyRequest, 'url' | 'originalUrl'>): string =>
  originalUrl.endsWith(url) ? originalUrl.slice(0, -url.length) : ''
