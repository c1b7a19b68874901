import { promisedAccesses, requestedNode, rulesOfUser } from '@reckon/domain'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  isOf,
  type KubernetesObject,
  nodes,
  secondsOf,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan, type Step } from './plan.ts'

/** Decides requests for certificates, by roles: those of joining machines, and those of nodes that renew theirs. */
export const certificateApprovingController: Controller = {
  name: 'csrapproving-controller',

  keysOf: ({ type, stored: { object } }) =>
    isOf(certificateSigningRequests, object) && type !== 'DELETED' ? [object.metadata.name] : [],

  allKeys: (objects) =>
    objects.list(certificateSigningRequests).map(({ object }) => object.metadata.name),

  async reconcile(name, { objects, nowMs, writerFor }) {
    const stored = objects.get(certificateSigningRequests, '', name)
    if (stored === undefined) return undefined
    const { object } = stored
    const steps = planFor(object, () => {
      const { username = '', groups = [] } = object.spec
      const asked = requestedNode(object)
      return plan(object, {
        rules: rulesOfUser(objects, { name: username, groups }),
        node: asked && objects.get(nodes, '', asked.node)?.object,
        accesses: promisedAccesses(objects, nowMs),
      })
    })
    const writer = writerFor(stored)
    await eachStep(steps, (step) =>
      writer.decide(object, (current) => decided(current, step, secondsOf(nowMs))),
    )
    return undefined
  },
}

/** Records the decision; if somebody else has decided meanwhile, theirs stands. */
function decided(current: KubernetesObject, { type, reason, message }: Step, now: string) {
  const status: CertificateSigningRequest['status'] = isOf(certificateSigningRequests, current)
    ? current.status
    : {}
  if ((status?.conditions ?? []).length > 0) return status
  const condition = type === 'Approve' ? 'Approved' : 'Denied'
  const decision = { type: condition, status: 'True', reason, message }
  return { ...status, conditions: [{ ...decision, lastUpdateTime: now, lastTransitionTime: now }] }
}
