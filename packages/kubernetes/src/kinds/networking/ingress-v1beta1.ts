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
type OldPath = Omit<HTTPIngressPath, 'backend' | 'pathType'> & {
  backend?: OldBackend
  pathType?: string
}
type OldSpec = Omit<IngressSpec, 'defaultBackend' | 'rules'> & {
  backend?: OldBackend
  rules?: RuleWith<OldPath>[]
}
type RuleWith<Path> = { host?: string; http?: { paths: Path[] } }

/** networking.k8s.io/v1beta1 and extensions/v1beta1, which are alike: a backend was two plain fields. */
export const ingressV1beta1: Conversion = {
  toHub(object: KubernetesObject & { spec?: OldSpec }) {
    const { backend, rules, ...others } = object.spec ?? {}
    const spec = {
      ...others,
      ...(backend && { defaultBackend: newBackend(backend) }),
      ...(rules && { rules: withPaths(rules, newPath) }),
    }
    return { ...object, spec }
  },

  fromHub(object: KubernetesObject & { spec?: IngressSpec }) {
    const { defaultBackend, rules, ...others } = object.spec ?? {}
    const spec = {
      ...others,
      ...(defaultBackend && { backend: oldBackend(defaultBackend) }),
      ...(rules && { rules: withPaths(rules, oldPath) }),
    }
    return { ...object, spec }
  },
}

const withPaths = <From, To>(rules: readonly RuleWith<From>[], convert: (path: From) => To) =>
  rules.map(({ http, ...rule }) => ({
    ...rule,
    ...(http && { http: { ...http, paths: (http.paths ?? []).map(convert) } }),
  }))

const newPath = (path: OldPath): HTTPIngressPath => ({
  ...path,
  backend: newBackend(path.backend),
  pathType: path.pathType ?? 'ImplementationSpecific',
})

const oldPath = (path: HTTPIngressPath): OldPath => ({ ...path, backend: oldBackend(path.backend) })

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
