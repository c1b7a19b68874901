import { openApiV2, openApiV2Protobuf, type ResourceTable, servedVersion } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { kindsOf } from '../past/moment-of-request.ts'
import { authorizePath } from '../requests/request-context.ts'
import { createDescriptions } from './descriptions.ts'
import { madeOfTable } from './of-table.ts'
import { sendTagged, type Tagged, tagged } from './tagged-answer.ts'

const path = '/openapi/v2'
const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

type Document = { json: Tagged; protobuf: Tagged }

/** GET /openapi/v2: everything that is served in one document, as JSON, or as protobuf for kubectl up to 1.28. */
export const openapiV2: FastifyPluginAsync<{ resources: ResourceTable }> = async (
  app,
  { resources },
) => {
  const descriptions = createDescriptions()
  const documentOf = madeOfTable((kinds): Document => {
    const document = openApiV2(kinds, servedVersion.gitVersion, descriptions)
    const protobuf = tagged(Buffer.from(openApiV2Protobuf(document)))
    return { json: tagged(JSON.stringify(document)), protobuf }
  })
  app.get(path, async (request, reply) => {
    authorizePath(request)
    reply.header('vary', 'Accept')
    const isProtobuf = request.headers.accept?.includes('protobuf')
    const document = documentOf(kindsOf(request, resources))
    if (!isProtobuf) return sendTagged(request, reply, document.json)
    reply.header('content-type', protobufType)
    return sendTagged(request, reply, document.protobuf)
  })
}
