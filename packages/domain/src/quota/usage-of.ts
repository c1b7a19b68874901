import {
  isFinished,
  isOf,
  type KubernetesObject,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  pods,
  type Resource,
  resourceId,
  type Service,
  services,
} from '@reckon/kubernetes'
import { type Amounts, only, podLimitsOf, podRequestsOf, sumOf } from '../amounts.ts'

/** Kinds counted under their own name, the form older than `count/…`. */
const named = [
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
]

const claimsId = resourceId(persistentVolumeClaims)
const storage = 'requests.storage'
/** The number and size of the claims of one class. */
const ofClass = /.\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/

const computed = /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$/

/** Whether a quota of this name counts objects of a kind. */
export function counts(resource: Resource, name: string): boolean {
  const id = resourceId(resource)
  if (!resource.namespaced || resource.plural === 'events') return false
  if (name === `count/${id}`) return true
  if (id === 'pods') {
    const isDevice = name.startsWith('requests.') && name.includes('/')
    return name === id || computed.test(name) || name.includes('hugepages-') || isDevice
  }
  if (id === claimsId && (name === storage || ofClass.test(name))) return true
  return (named.includes(id) && name === id) || (id === 'services' && name.startsWith('services.'))
}

/** An object's use, by the names under which quotas count it; as upstream's evaluators. Pure. */
export function usageOf(resource: Resource, object: KubernetesObject): Amounts {
  const id = resourceId(resource)
  const itself = { [`count/${id}`]: '1' }
  if (isOf(pods, object))
    return isFinished(object.status) ? itself : { ...itself, ...ofPod(object) }
  if (isOf(services, object)) return { ...itself, ...ofService(object) }
  if (isOf(persistentVolumeClaims, object)) return { ...itself, ...ofClaim(object) }
  return named.includes(id) ? { ...itself, [id]: '1' } : itself
}

const isBare = (name: string): boolean => /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name)

function ofPod({ spec }: Pod): Amounts {
  const requests = podRequestsOf(spec)
  const limits = podLimitsOf(spec)
  const under = (prefix: string, amounts: Amounts): Amounts =>
    Object.fromEntries(
      Object.entries(amounts).map(([name, amount]) => [`${prefix}${name}`, amount]),
    )
  return {
    pods: '1',
    ...only(requests, isBare),
    ...under('requests.', requests),
    ...under(
      'limits.',
      only(limits, (name) => computed.test(name)),
    ),
  }
}

function ofService({ spec }: Service): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts: isAllotted = true } = spec
  const asked = ports.filter(({ nodePort }) => nodePort !== undefined)
  const isBalanced = type === 'LoadBalancer'
  const nodePorts = isBalanced && !isAllotted ? asked.length : ports.length
  return sumOf(
    { services: '1' },
    {
      ...((isBalanced || type === 'NodePort') && { 'services.nodeports': `${nodePorts}` }),
      ...(isBalanced && { 'services.loadbalancers': '1' }),
    },
  )
}

/** Each claim by itself, and again under its class. */
function ofClaim({ spec }: PersistentVolumeClaim): Amounts {
  const { storageClassName, resources } = spec
  const requested = resources?.requests?.storage
  const own = { [claimsId]: '1', ...(requested && { [storage]: requested }) }
  if (!storageClassName) return own
  const prefix = `${storageClassName}.storageclass.storage.k8s.io/`
  const named = Object.entries(own).map(([name, amount]) => [`${prefix}${name}`, amount] as const)
  return { ...own, ...Object.fromEntries(named) }
}
