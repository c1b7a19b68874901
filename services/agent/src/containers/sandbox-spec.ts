import type { Pod } from '@reckon/kubernetes'
import type { PodIdentity, PublishedPort, SandboxSpec } from '../runtime/runtime.ts'

/** Who the pod is. */
export const identityOf = ({ metadata }: Pod): PodIdentity => ({
  uid: metadata.uid ?? '',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
})

const hostnameBytesMax = 63

/** The sandbox that a pod asks for; `ip` is undefined for one in the machine's own network. */
export function sandboxSpec(
  pod: Pod,
  { attempt, image, ip }: { attempt: number; image: string; ip: string | undefined },
): SandboxSpec {
  return {
    pod: identityOf(pod),
    attempt,
    image,
    hostname: (pod.spec.hostname ?? pod.metadata.name)
      .slice(0, hostnameBytesMax)
      .replace(/[-.]+$/, ''),
    ...(ip === undefined ? {} : { ip }),
    ports: pod.spec.hostNetwork === true ? [] : publishedPorts(pod),
    hostPID: pod.spec.hostPID === true,
    hostIPC: pod.spec.hostIPC === true,
  }
}

function publishedPorts(pod: Pod): readonly PublishedPort[] {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  return containers
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostPort, containerPort, protocol = 'TCP', hostIP }) =>
      hostPort ? [{ protocol, containerPort, hostPort, ...(hostIP ? { hostIP } : {}) }] : [],
    )
}
