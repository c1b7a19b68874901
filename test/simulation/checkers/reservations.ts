import { type Holder, refOf, reservablesOf, reservationStream } from '@reckon/domain'
import { resourceNamed } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = "a reservation is its holder's alone"

/** A reserved value is given to nobody else, and is not released while its object exists and has it. */
export function reservations({ history }: World): Checker {
  const holders = new Map<string, string>()
  const isInUse = (stream: string, { stream: ofObject, uid }: Holder): boolean => {
    const ref = refOf(ofObject)
    const resource = ref && resourceNamed(ref.resourceId)
    const object = resource && history.objects.get(resource, ref.namespace, ref.name)?.object
    if (!resource || object?.metadata.uid !== uid) return false
    return reservablesOf(resource, object).some((each) => reservationStream(each) === stream)
  }
  return {
    onRecorded({ event: { type, stream, data, metadata } }) {
      const isReserved = /^(ClusterIP|NodePort|PodCIDR)Reserved$/.test(type)
      if (!isReserved && !/^(ClusterIP|NodePort|PodCIDR)Released$/.test(type)) return
      const holder = data as Holder
      const before = holders.get(stream)
      const what = `${type} of ${stream} by ${metadata?.actor.user} for ${holder.stream}`
      if (isReserved && before !== undefined)
        throw new Violation(rule, `${what}: held by ${before}`)
      if (!isReserved && before !== holder.uid) throw new Violation(rule, `${what}: not held by it`)
      if (!isReserved && isInUse(stream, holder)) throw new Violation(rule, `${what}, which has it`)
      if (isReserved) holders.set(stream, holder.uid)
      else holders.delete(stream)
    },
  }
}
