import type { FastifyReply } from 'fastify'
import type { Past } from '../past/past.ts'
import { portsOfMoment } from '../past/ports-of-moment.ts'
import type { ApiPorts } from '../ports.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { untilGone } from '../requests/until-gone.ts'

export type WriteContext = { ports: ApiPorts; past: Past }

/** The ports by which a write is decided: those of the present, or of the moment at which it is only tried. */
export async function writePortsOf(
  context: WriteContext,
  {
    served,
    request,
    reply,
  }: { served: ServedResource; request: ObjectRequest; reply: FastifyReply },
): Promise<ApiPorts> {
  const { moment, params } = request
  if (moment === undefined) return context.ports
  const { namespace = '', name = '' } = params
  const wanted = { resource: served.resource, namespace, name, moment }
  return portsOfMoment(context, wanted, untilGone(reply))
}
