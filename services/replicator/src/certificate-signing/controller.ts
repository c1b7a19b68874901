import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  isOf,
  type KubernetesObject,
  secondsOf,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import type { CertificateAuthority } from './certificate-authority.ts'
import { plan } from './plan.ts'

/** New certificates are backdated by this, as upstream, so that clocks that are behind accept them at once. */
const backdateMs = 5 * 60_000

/** Signs approved CertificateSigningRequests of users and kubelets with the cluster's client CA. */
export const certificateSigningController = (authority: CertificateAuthority): Controller => ({
  name: 'certificate-controller',

  keysOf: ({ type, stored: { object } }) =>
    isOf(certificateSigningRequests, object) && type !== 'DELETED' ? [object.metadata.name] : [],

  allKeys: (objects) =>
    objects.list(certificateSigningRequests).map(({ object }) => nameOf(object)),

  async reconcile(name, { objects, nowMs, writerFor }) {
    const stored = objects.get(certificateSigningRequests, '', name)
    if (stored === undefined) return undefined
    const steps = planFor(stored.object, () => plan(stored.object))
    const writer = writerFor(stored)
    const fail = (message: string) =>
      writer.changeStatus(stored.object, (current) => failed(current, message, nowMs))
    await eachStep(steps, async (step) => {
      if (step.type === 'Fail') return fail(step.message)
      const signed = await authority.sign({
        request: step.request,
        usages: step.usages,
        notBeforeMs: nowMs - backdateMs,
        notAfterMs: Math.min(nowMs + step.seconds * 1000, authority.endsMs),
      })
      if (signed === undefined)
        return fail('the request cannot be read, or is not signed by the key that it names')
      const certificate = new TextEncoder().encode(signed).toBase64()
      await writer.changeStatus(stored.object, (current) => ({ ...statusOf(current), certificate }))
    })
    return undefined
  },
})

const nameOf = ({ metadata: { name } }: KubernetesObject): string => name

const statusOf = (object: KubernetesObject): NonNullable<CertificateSigningRequest['status']> =>
  (isOf(certificateSigningRequests, object) ? object.status : undefined) ?? {}

function failed(object: KubernetesObject, message: string, nowMs: number) {
  const status = statusOf(object)
  const now = secondsOf(nowMs)
  const condition = {
    type: 'Failed',
    status: 'True',
    reason: 'SignerValidationFailure',
    message,
    lastUpdateTime: now,
    lastTransitionTime: now,
  }
  return { ...status, conditions: [...(status.conditions ?? []), condition] }
}
