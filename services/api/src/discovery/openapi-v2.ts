import type { FastifyPluginAsync } from 'fastify'
import { authorizePath } from '../requests/request-context.ts'

const path = '/openapi/v2'
const info = { title: 'Kubernetes', version: 'v1.33.0-reckon' }

/** The document in the form of gnostic's openapi.v2.Document, of which clients ask for protobuf. */
const protobuf = Buffer.concat([
  field(1, Buffer.from('2.0')),
  field(2, Buffer.concat([field(1, Buffer.from(info.title)), field(2, Buffer.from(info.version))])),
])

/**
 * GET /openapi/v2: a document without schemas, which are in /openapi/v3. Clients that ask here leave what they find no
 * schema of to the server: kubectl up to 1.27 always, newer ones for a kind that is not served.
 */
export const openapiV2: FastifyPluginAsync = async (app) => {
  app.get(path, async (request, reply) => {
    authorizePath(request)
    reply.header('vary', 'Accept')
    if (!request.headers.accept?.includes('protobuf')) {
      return { swagger: '2.0', info, paths: {}, definitions: {} }
    }
    reply.header('content-type', 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf')
    return reply.send(protobuf)
  })
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
}
