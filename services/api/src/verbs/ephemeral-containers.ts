import { isOf, type Pod, pods } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { routePart } from './part-of-object.ts'
import type { ReadContext } from './read-object.ts'

/**
 * …/pods/{name}/ephemeralcontainers: the pod, of which only the ephemeral containers can be written (`kubectl debug`).
 */
export const ephemeralContainers: FastifyPluginAsync<ReadContext> = async (app, context) =>
  routePart(app, context, {
    subresource: 'ephemeralcontainers',
    written: (wanted, current) =>
      isOf(pods, current) && isOf(pods, wanted) ? withEphemeral(current, wanted) : current,
  })

/** Everything else of the pod stays as it is. */
const withEphemeral = (current: Pod, { spec }: Pod): Pod => ({
  ...current,
  spec: {
    ...current.spec,
    ...(spec.ephemeralContainers && { ephemeralContainers: spec.ephemeralContainers }),
  },
})
