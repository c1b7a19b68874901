import { managedBy } from '@reckon/domain'
import {
  fromHub,
  invalid,
  invalidValue,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import { createObject, wouldCreate } from '@reckon/writing'
import type { FastifyPluginAsync } from 'fastify'
import type { AccountTokens } from '../access/account-tokens.ts'
import type { Authorizer } from '../access/authorizer.ts'
import { answered } from '../access/reviews/answered.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { sentObject } from '../requests/request-body.ts'
import { authorizeObjects, isDryRun, originOf, queryOf } from '../requests/request-context.ts'
import { decodedObject } from './decoded-object.ts'
import { inNamespace } from './named-by-path.ts'
import { type WriteContext, writePortsOf } from './write-ports-of.ts'

type Context = WriteContext & { authorizer: Authorizer; tokens: AccountTokens }

/** POST to a collection: one more object in it. */
export const create: FastifyPluginAsync<Context> = async (app, context) => {
  const { ports, authorizer, tokens } = context
  const { resources } = ports.objects
  routeObjects(
    app,
    resources,
    { method: 'POST', shape: 'collection' },
    async (served, request, reply) => {
      const { resource, groupVersion } = served
      authorizeObjects(request, 'create', served)
      const query = queryOf(request)
      const decoded = decodedObject(served, sentObject(request), query, reply)
      refuseVersion(resource, decoded)
      const object = managedBy(inNamespace(decoded, request.params.namespace), undefined)
      if (resource.isReview) {
        reply.code(201)
        return answered(served, object, {
          user: request.user,
          authorizer,
          tokens,
          view: ports.objects,
        })
      }
      const origin = originOf(request, 'create')
      const creation = { resource, object, origin }
      const created = isDryRun(query.dryRun)
        ? (await wouldCreate(await writePortsOf(context, { served, request, reply }), creation))
            .object
        : (await createObject(ports, creation)).stored.object
      reply.code(201)
      return fromHub(resource, groupVersion, created)
    },
  )
}

/** What comes into being has no version yet. */
function refuseVersion(resource: Resource, { metadata }: KubernetesObject): void {
  const { resourceVersion, name } = metadata
  if (!resourceVersion || resourceVersion === '0') return
  const why = 'resourceVersion should not be set on objects to be created'
  throw invalid(resource, name, [invalidValue('metadata.resourceVersion', resourceVersion, why)])
}
