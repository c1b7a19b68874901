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

/** …/{name}/approval: a CertificateSigningRequest, of which only the approval conditions can be written here. */
export const approval: FastifyPluginAsync<ReadContext> = async (app, context) =>
  routePart(app, context, {
    subresource: 'approval',
    written: (wanted, current) =>
      dated(managedBy(wanted, current.metadata.managedFields), context.ports.clock.now()),
  })

/** Fills in missing times of conditions. */
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
