import { managedBy } from '@reckon/domain'
import {
  certificateSigningRequests,
  isOf,
  type KubernetesObject,
  secondsOf,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { routePart } from './part-of-object.ts'
import type { ReadContext } from './read-object.ts'

/** …/{name}/approval: a request for a certificate, of which only whether it is approved can be written here. */
export const approval: FastifyPluginAsync<ReadContext> = async (app, context) =>
  routePart(app, context, {
    subresource: 'approval',
    written: (wanted, current) =>
      dated(managedBy(wanted, current.metadata.managedFields), context.ports.clock.now()),
  })

/** With the times of conditions that say none. */
function dated(wanted: KubernetesObject, nowMs: number): KubernetesObject {
  if (!isOf(certificateSigningRequests, wanted) || !wanted.status?.conditions) return wanted
  const now = secondsOf(nowMs)
  const conditions = wanted.status.conditions.map((condition) => ({
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? now,
    lastTransitionTime: condition.lastTransitionTime ?? now,
  }))
  return { ...wanted, status: { ...wanted.status, conditions } }
}
