import { isDeepEqual, type Node } from '@reckon/kubernetes'

/** Under this id every node is told of each Node where its pods are, and nothing else of it. */
export const placesId = 'nodes/place'

/** What a machine is made of is nobody else's to know. */
const untold = {
  ...{ architecture: '', bootID: '', containerRuntimeVersion: '', kernelVersion: '' },
  ...{ kubeProxyVersion: '', kubeletVersion: '', operatingSystem: '', osImage: '', systemUUID: '' },
}

/** Of a Node which machine it is on, the addresses of that, and the range of its pods. */
export function placeOf({ apiVersion, kind, metadata, spec, status }: Node): Node {
  const { name, uid, resourceVersion } = metadata
  const machineID = status?.nodeInfo?.machineID
  return {
    apiVersion,
    kind,
    metadata: { name, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
    spec: { ...(spec.podCIDR && { podCIDR: spec.podCIDR }) },
    status: {
      ...(status?.addresses && { addresses: status.addresses }),
      ...(machineID && { nodeInfo: { ...untold, machineID } }),
    },
  }
}

/** Whether nobody need be told: all else of a Node changes often. */
export function isSamePlace(one: Node, other: Node): boolean {
  const [before, after] = [placeOf(one), placeOf(other)]
  const isSameObject = before.metadata.uid === after.metadata.uid
  return isSameObject && isDeepEqual([before.spec, before.status], [after.spec, after.status])
}
