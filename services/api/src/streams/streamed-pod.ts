import { badRequest, notFound, type Pod, pods } from '@reckon/kubernetes'
import type { StreamedContainer } from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'
import { waitForVersion } from '../verbs/resource-version.ts'

/** The parameters of the paths of pod subresources. */
export type PodParams = { namespace: string; name: string }

export const pathOfPod = (subresource: string): string =>
  `/api/v1/namespaces/:namespace/pods/:name/${subresource}`

/** The pod that a path names, as of now. */
export async function podOf(ports: ApiPorts, { namespace, name }: PodParams): Promise<Pod> {
  await waitForVersion(ports, {})
  const pod = ports.objects.get(pods, namespace, name)?.object
  if (pod === undefined) throw notFound(pods, name)
  return pod
}

/** The node on which a pod runs; refused in kube-apiserver's words. */
export function nodeOf({ metadata, spec }: Pod): string {
  if (spec.nodeName) return spec.nodeName
  throw badRequest(`pod ${metadata.name} does not have a host assigned`)
}

export const identityOf = ({ metadata }: Pod): StreamedContainer['pod'] => {
  const { namespace = '', name, uid = '' } = metadata
  return { namespace, name, uid }
}
