import { isDeepStrictEqual } from 'node:util'
import { defaultSettings, type Objects } from '@reckon/domain'
import {
  endpointSlices,
  ingressClasses,
  ingresses,
  type KubernetesObject,
  type Resource,
  services,
} from '@reckon/kubernetes'
import { dnsZone, edge, ingressHosts, packetRules, serviceMap } from '@reckon/routing'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** At rest, every machine's packet rules, names and edge agree with the log, and hold nothing that is gone. */
export const routes = (world: World, machines: readonly Machine[]): Checker => ({
  onEnd() {
    for (const { node, outputs } of machines.filter(({ node }) => node !== world.lost)) {
      const wanted = outputsOf(world.history.objects, node)
      for (const [name, output] of Object.entries(wanted)) {
        if (isDeepStrictEqual(outputs[name as keyof typeof wanted], output)) continue
        throw new Violation('a node knows all that it may', `${node} has other ${name}`)
      }
    }
  },
})

function outputsOf(objects: Objects, node: string) {
  const all = <T extends KubernetesObject>(resource: Resource<T>) =>
    objects.list(resource).map(({ object }) => object)
  const map = serviceMap(all(services), all(endpointSlices))
  const hosts = ingressHosts(all(ingresses), all(ingressClasses))
  const { serviceCidr } = defaultSettings
  return {
    packets: packetRules(map, { nodes: new Set([node]), serviceCidr }),
    names: dnsZone(map, defaultSettings),
    edge: edge(hosts, map),
  }
}
