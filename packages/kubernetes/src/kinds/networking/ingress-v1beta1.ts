import type {
  HTTPIngressPath,
  IngressBackend,
  IngressSpec,
  KubernetesObject,
} from '../../object.ts'
import type { Conversion } from '../../resource.ts'

type OldBackend = {
  serviceName?: string
  servicePort?: number | string
  resource?: NonNullable<IngressBackend['resource']>
}
type OldPath = Omit<HTTPIngressPath, 'backend'> & { backend: OldBackend }
type OldSpec = Omit<IngressSpec, 'defaultBackend'> & { backend?: OldBackend }

/** networking.k8s.io/v1beta1 and extensions/v1beta1, which are alike: a backend was two plain fields. */
export const ingressV1beta1: Conversion = {
  toHub(object: KubernetesObject): void {
    const { backend, ...spec } = (object.spec ?? {}) as OldSpec
    object.spec = backend ? { ...spec, defaultBackend: newBackend(backend) } : spec
    for (const path of pathsOf(object)) {
      path.backend = newBackend(path.backend as OldBackend)
      path.pathType ??= 'ImplementationSpecific'
    }
  },

  fromHub(object: KubernetesObject): void {
    const { defaultBackend, ...spec } = (object.spec ?? {}) as IngressSpec
    object.spec = defaultBackend ? { ...spec, backend: oldBackend(defaultBackend) } : spec
    for (const path of pathsOf(object)) (path as OldPath).backend = oldBackend(path.backend)
  },
}

function pathsOf(object: KubernetesObject): HTTPIngressPath[] {
  const { rules = [] } = (object.spec ?? {}) as IngressSpec
  return rules.flatMap(({ http }) => http?.paths ?? [])
}

function newBackend({ serviceName, servicePort, resource }: OldBackend = {}): IngressBackend {
  const port =
    typeof servicePort === 'string' ? { name: servicePort } : { number: servicePort ?? 0 }
  return {
    ...(serviceName === undefined ? {} : { service: { name: serviceName, port } }),
    ...(resource === undefined ? {} : { resource }),
  }
}

function oldBackend({ service, resource }: IngressBackend): OldBackend {
  const servicePort = service?.port?.name ?? service?.port?.number
  return {
    ...(service === undefined ? {} : { serviceName: service.name }),
    ...(servicePort === undefined ? {} : { servicePort }),
    ...(resource === undefined ? {} : { resource }),
  }
}
