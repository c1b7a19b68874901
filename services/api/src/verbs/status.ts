import { managedBy } from '@reckon/domain'
import type { FastifyPluginAsync } from 'fastify'
import { routePart } from './part-of-object.ts'
import type { ReadContext } from './read-object.ts'

/** …/{name}/status: the object, of which only the status can be written here. */
export const status: FastifyPluginAsync<ReadContext> = async (app, context) =>
  routePart(app, context, {
    subresource: 'status',
    // managedFields can only be written through the object itself.
    written: (wanted, current) => managedBy(wanted, current.metadata.managedFields),
    isApplicable: true,
  })
