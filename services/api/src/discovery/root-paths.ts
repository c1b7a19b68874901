import { apiVersionOf, type ResourceTable } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { kindsOf } from '../past/moment-of-request.ts'
import { authorizePath } from '../requests/request-context.ts'

const others = [
  '/.well-known/openid-configuration',
  '/healthz',
  '/livez',
  '/metrics',
  '/metrics/kube-state',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/readyz',
  '/version',
]

/** GET /: the paths from which a client can explore the API. */
export const rootPaths: FastifyPluginAsync<{ resources: ResourceTable }> = async (
  app,
  { resources },
) => {
  app.get('/', async (request) => {
    authorizePath(request)
    const groups = [...kindsOf(request, resources).groups].flatMap(([group, versions]) => [
      ...(group === '' ? [] : [`/apis/${group}`]),
      ...versions.map((version) => {
        const root = group === '' ? '/api' : '/apis'
        return `${root}/${apiVersionOf({ group, version })}`
      }),
    ])
    return { paths: ['/api', '/apis', ...groups, ...others].sort() }
  })
}
