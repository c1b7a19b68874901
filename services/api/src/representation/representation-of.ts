import type { Clock } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { clockOf } from '../past/moment-of-request.ts'
import type { ServedResource } from '../requests/object-routes.ts'
import type { EncodedObjects } from './encoded-objects.ts'
import { servedTypes } from './media-types.ts'
import { fullObject, metadataOnly } from './object-representation.ts'
import type { Representation } from './representation.ts'
import { includedObject, table } from './table-representation.ts'

/** The first representation of the Accept header that is served; 406 if none is. */
export function representationOf(
  request: FastifyRequest,
  served: ServedResource,
  { encoded, clock: present }: { encoded: EncodedObjects; clock: Clock },
): Representation {
  const clock = clockOf(request, present)
  for (const { parameters } of servedTypes(request.headers.accept)) {
    const { as, g, v } = parameters
    if (as === undefined) return fullObject(served, encoded)
    if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) continue
    const apiVersion = `${g}/${v}`
    if (as === 'Table')
      return table(served, includedObject(request), { encoded, clock, apiVersion })
    if (as.startsWith('PartialObjectMetadata')) {
      return metadataOnly(served, apiVersion, encoded)
    }
  }
  throw notAcceptable
}

const notAcceptable = new StatusError(
  'NotAcceptable',
  'only the following media types are accepted: application/json, application/yaml',
)
