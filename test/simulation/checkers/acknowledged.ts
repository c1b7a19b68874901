import type { KubernetesObject } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** A write that was acknowledged to a client is in the log, at the version that the client was given. */
export const acknowledged = ({ history }: World): Checker => ({
  onHeard({ what, wanted: { method }, answer: { code, body } }) {
    if (method === 'GET' || code >= 300) return
    const { metadata } = JSON.parse(body) as Partial<KubernetesObject>
    const version = metadata?.resourceVersion
    if (version === undefined || history.at(BigInt(version)) !== undefined) return
    throw new Violation('what was acknowledged is recorded', `${what} at ${version}`)
  },
})
