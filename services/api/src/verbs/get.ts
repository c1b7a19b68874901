import type { FastifyPluginAsync } from 'fastify'
import { routeObjects } from '../requests/object-routes.ts'
import { answerObject, type ReadContext } from './read-object.ts'

/** GET …/{name}: one object. */
export const get: FastifyPluginAsync<ReadContext> = async (app, context) => {
  const { resources } = context.ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'item' }, (served, request, reply) =>
    answerObject(context, { served, request, reply }),
  )
}
