import { StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { servedResources } from './served-resources.ts'

const served = ['status', 'scale', 'binding']

/** What Kubernetes has below an object and Reckon has not yet: refused by its name, never half done. */
export const refusedSubresources: FastifyPluginAsync = async (app) => {
  for (const { resource, item } of servedResources) {
    for (const subresource of resource.subresources.filter((name) => !served.includes(name))) {
      app.all(`${item}/${subresource}`, async () => {
        const what = `${resource.plural}/${subresource}`
        throw new StatusError('MethodNotAllowed', `${what} is not supported by this server`)
      })
    }
  }
}
