import { sandboxName } from '@reckon/agent/runtime'
import { isInCidr, nodes, services } from '@reckon/kubernetes'
import type { History } from '../history.ts'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * A cluster address and a node port belong to at most one living Service, a pod address range to one Node, an address
 * to one running pod.
 */
export const addresses = ({ history }: World, machines: readonly Machine[]): Checker => ({
  /** Running sandboxes have addresses of their own, across machines. */
  async onSecond() {
    const holders = new Map<string, string>()
    for (const { ip = '', container, pod } of await runningOf(machines, history)) {
      if (container !== sandboxName) continue
      const holder = holders.get(ip)
      if (holder !== undefined) {
        throw new Violation('an address has one holder', `${holder} and ${pod.name} have ${ip}`)
      }
      holders.set(ip, pod.name)
    }
  },

  onRecorded({ change }) {
    if (change?.type === 'DELETED') return
    if (change?.stored.object.kind === 'Node') checkRanges(history)
    if (change?.stored.object.kind !== 'Service') return
    const holders = new Map<string | number, string>()
    for (const { object } of history.objects.list(services)) {
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

/**
 * Those in the present range of their node: a sandbox whose Node was deleted keeps running in a range that was given
 * up.
 */
async function runningOf(machines: readonly Machine[], { objects }: History) {
  const each = machines.map(async (machine) => {
    const podCidr = objects.get(nodes, '', machine.node)?.object.spec.podCIDR
    const seen = podCidr === undefined ? [] : await machine.running()
    return seen.filter(({ ip }) => ip !== undefined && isInCidr(ip, podCidr ?? ''))
  })
  return (await Promise.all(each)).flat()
}

function checkRanges(history: History): void {
  const holders = new Map<string, string>()
  const founded = history.objects.cluster?.settings.clusterCidr ?? ''
  for (const { object } of history.objects.list(nodes)) {
    const { name } = object.metadata
    const { podCIDR = '' } = object.spec
    const holder = holders.get(podCIDR)
    if (holder !== undefined || !isInCidr(podCIDR.split('/')[0] ?? '', founded)) {
      throw new Violation('a range has one holder', `${name} has ${podCIDR}, as ${holder}`)
    }
    holders.set(podCIDR, name)
  }
}
