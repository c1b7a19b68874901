import { ingresses, services } from '@reckon/kubernetes'
import { created, gauge, info, type KindState, kindState, named } from './state-family.ts'

const serviceState = kindState(
  services,
  ({ metadata: { namespace = '', name, uid = '' } }) => ({ namespace, service: name, uid }),
  [
    info('kube_service_info', 'Where a Service is reached', ({ spec }) => ({
      cluster_ip: spec.clusterIP ?? '',
      external_name: spec.externalName ?? '',
      load_balancer_ip: spec.loadBalancerIP ?? '',
    })),
    created('kube_service_created'),
    info('kube_service_spec_type', 'The type of a Service', ({ spec }) => ({
      type: spec.type ?? 'ClusterIP',
    })),
  ],
)

const ingressState = kindState(ingresses, named('ingress'), [
  info('kube_ingress_info', 'The class of an Ingress', ({ spec }) => ({
    ingressclass: spec.ingressClassName ?? '',
  })),
  created('kube_ingress_created'),
  gauge('kube_ingress_path', 'Where an Ingress leads', ({ spec }) =>
    (spec.rules ?? []).flatMap(({ host = '', http }) =>
      (http?.paths ?? []).map(({ path = '', pathType, backend }) => ({
        labels: {
          host,
          path,
          path_type: pathType,
          service_name: backend.service?.name ?? '',
          service_port: String(backend.service?.port?.number ?? backend.service?.port?.name ?? ''),
        },
        value: 1,
      })),
    ),
  ),
])

/** What leads to pods, under the names of kube-state-metrics. */
export const trafficStates: readonly KindState[] = [serviceState, ingressState]
