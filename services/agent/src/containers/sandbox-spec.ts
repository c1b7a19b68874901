import { type Pod, StatusError } from '@reckon/kubernetes'
import type { PodIdentity, PublishedPort, SandboxSpec } from '../runtime/runtime.ts'

/** Who the pod is. */
export const identityOf = ({ metadata }: Pod): PodIdentity => ({
  uid: metadata.uid ?? '',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
})

const hostnameBytesMax = 63

/** The specification of a pod's sandbox; `ip` is undefined in the machine's own network. */
export function sandboxSpec(
  pod: Pod,
  made: { attempt: number; image: string; ip: string | undefined; domain: string },
): SandboxSpec {
  const { attempt, image, ip, domain } = made
  return {
    pod: identityOf(pod),
    attempt,
    image,
    hostname: hostnameOf(pod, domain),
    ...(ip === undefined ? {} : { ip }),
    ports: pod.spec.hostNetwork === true ? [] : publishedPorts(pod),
    sysctls: Object.fromEntries(
      (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]),
    ),
    hostPID: pod.spec.hostPID === true,
    hostIPC: pod.spec.hostIPC === true,
  }
}

/** The pod's host name, shortened as a kubelet does. */
export const shortNameOf = ({ spec, metadata }: Pick<Pod, 'spec' | 'metadata'>): string =>
  (spec.hostname ?? metadata.name).slice(0, hostnameBytesMax).replace(/[-.]+$/, '')

const fullNameBytesMax = 64

/** The host name, fully qualified where the pod asks for that. */
function hostnameOf({ spec, metadata }: Pod, domain: string): string {
  const short = shortNameOf({ spec, metadata })
  if (!spec.setHostnameAsFQDN || !spec.subdomain) return short
  const full = `${short}.${spec.subdomain}.${metadata.namespace}.svc.${domain}`
  if (full.length <= fullNameBytesMax) return full
  const most = `the kernel's hostname has at most ${fullNameBytesMax} characters`
  throw new StatusError(
    'Invalid',
    `failed to construct FQDN from pod: ${full} is too long, ${most}`,
  )
}

function publishedPorts(pod: Pod): readonly PublishedPort[] {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  return containers
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostPort, containerPort, protocol = 'TCP', hostIP }) =>
      hostPort ? [{ protocol, containerPort, hostPort, ...(hostIP ? { hostIP } : {}) }] : [],
    )
}
