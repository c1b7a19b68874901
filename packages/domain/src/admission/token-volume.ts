import type { Ids } from '@reckon/eventing'
import { type Container, generatedName, type Pod, type Volume } from '@reckon/kubernetes'

type PodSpec = Pod['spec']

/** Where client libraries look for the token of their pod. */
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const namePrefix = 'kube-api-access-'
/** Upstream's value, by which its api recognizes a default that nobody chose. */
const lastsSeconds = 3_607

/**
 * The spec with a volume of token, CA certificate and namespace, mounted into each container that has nothing at that
 * path.
 */
export function withToken(spec: PodSpec, ids: Ids): PodSpec {
  const { containers, initContainers, volumes = [] } = spec
  const all = [...(containers ?? []), ...(initContainers ?? [])]
  if (all.every(isServed)) return spec
  const present = volumes.find(({ name }) => name?.startsWith(namePrefix))
  const name = present?.name ?? generatedName(namePrefix, (limit) => ids.below(limit))
  const mounted = (container: Container): Container => {
    if (isServed(container)) return container
    const mount = { name, readOnly: true, mountPath }
    return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
  }
  return {
    ...spec,
    volumes: present ? volumes : [...volumes, tokenVolume(name)],
    ...(containers && { containers: containers.map(mounted) }),
    ...(initContainers && { initContainers: initContainers.map(mounted) }),
  }
}

const isServed = ({ volumeMounts = [] }: Container): boolean =>
  volumeMounts.some((mount) => mount.mountPath === mountPath)

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { expirationSeconds: lastsSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [
            {
              path: 'namespace',
              fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
            },
          ],
        },
      },
    ],
  },
})
