import { isDeepStrictEqual } from 'node:util'
import { defaultSettings, type Objects } from '@reckon/domain'
import type { EndpointSlice, Ingress, IngressClass, Service } from '@reckon/kubernetes'
import { dnsZone, edge, ingressHosts, packetRules, serviceMap } from '@reckon/routing'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** At rest every machine's packet rules, names and edge hold what the log says, and nothing that is gone. */
export const routes = ({ history }: World, machines: readonly Machine[]): Checker => ({
  onEnd() {
    const wanted = outputsOf(history.objects)
    for (const { node, outputs } of machines) {
      for (const [name, output] of Object.entries(wanted)) {
        if (isDeepStrictEqual(outputs[name as keyof typeof wanted], output)) continue
        throw new Violation('a node knows all that it may', `${node} has other ${name}`)
      }
    }
  },
})

function outputsOf(objects: Objects) {
  const all = <T extends Service | EndpointSlice | Ingress | IngressClass>(resource: string) =>
    objects.list<T>(resource).map(({ object }) => object)
  const slices = all<EndpointSlice>('endpointslices.discovery.k8s.io')
  const services = serviceMap(all<Service>('services'), slices)
  const ingresses = all<Ingress>('ingresses.networking.k8s.io')
  const hosts = ingressHosts(ingresses, all<IngressClass>('ingressclasses.networking.k8s.io'))
  const { domain, clusterCidr, serviceCidr } = defaultSettings
  const zone = { domain, cidrs: [clusterCidr, serviceCidr] }
  return {
    packets: packetRules(services),
    names: dnsZone(services, zone),
    edge: edge(hosts, services),
  }
}
