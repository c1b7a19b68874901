import type { Origin } from '@reckon/domain'
import { ingresses, nodes, StatusError } from '@reckon/kubernetes'
import { type IngressRefusedReport, isEdge, type ReportReply } from '@reckon/node-plane'
import { noteOnce } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

/** Records that an edge does not accept an Ingress as it is; only a node that is an edge may report this. */
export async function noteRefusedIngress(
  ports: ApiPorts,
  node: string,
  { report, origin }: { report: IngressRefusedReport; origin: Origin },
): Promise<ReportReply> {
  const { namespace, name, message } = report
  const edge = ports.objects.get(nodes, '', node)
  if (edge === undefined || !isEdge(edge.object)) {
    throw new StatusError('Forbidden', `node ${node} is no edge`)
  }
  const ingress = ports.objects.get(ingresses, namespace, name)
  if (ingress === undefined) {
    throw new StatusError('NotFound', `ingress ${namespace}/${name} is not there`)
  }
  const warning = { reason: 'RouteRefused', message, component: 'envoy' }
  await noteOnce(ports, ingress.object, warning, { ...origin, cause: ingress.intent })
  return { outcome: 'Recorded' }
}
