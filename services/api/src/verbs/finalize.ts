import { isOf, namespaces } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeReplacement } from './part-of-object.ts'

/**
 * PUT …/namespaces/{name}/finalize: what holds a namespace beside its metadata's finalizers; its metadata can be
 * written along, as upstream's. One that terminates ends with the last of all finalizers.
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
