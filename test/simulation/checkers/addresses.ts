import type { Service } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** A cluster address and a node port belong to one living Service at most. */
export const addresses = ({ history }: World): Checker => ({
  onRecorded({ change }) {
    if (change?.stored.object.kind !== 'Service' || change.type === 'DELETED') return
    const holders = new Map<string | number, string>()
    for (const { object } of history.objects.list<Service>('services')) {
      const { name, namespace } = object.metadata
      const ports = (object.spec.ports ?? []).flatMap(({ nodePort }) => nodePort ?? [])
      for (const value of [...(object.spec.clusterIPs ?? []), ...ports]) {
        const holder = holders.get(value)
        const own = `${namespace}/${name}`
        if (holder !== undefined && value !== 'None') {
          throw new Violation('an address has one holder', `${holder} and ${own} have ${value}`)
        }
        holders.set(value, own)
      }
    }
  },
})
