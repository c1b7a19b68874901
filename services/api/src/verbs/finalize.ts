import { isOf, namespaces } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeReplacement } from './part-of-object.ts'

/**
 * PUT …/namespaces/{name}/finalize: replaces `spec.finalizers`, what keeps a namespace beside its metadata's
 * finalizers. As upstream, its metadata can be written along. A terminating namespace is gone with the last finalizer
 * of both.
 */
export const finalize: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) =>
  routeReplacement(app, ports, {
    subresource: 'finalize',
    written: (wanted, current) =>
      isOf(namespaces, current) && isOf(namespaces, wanted)
        ? {
            ...current,
            metadata: wanted.metadata,
            spec: { finalizers: wanted.spec?.finalizers ?? [] },
          }
        : current,
  })
