import { isDeepEqual, type Node } from '@reckon/kubernetes'

/** The resource id under which every node learns where each Node's pods are, and nothing else of that Node. */
export const placesId = 'nodes/place'

/** What a machine consists of is of no concern to other nodes. */
const untold = {
  ...{ architecture: '', bootID: '', containerRuntimeVersion: '', kernelVersion: '' },
  ...{ kubeProxyVersion: '', kubeletVersion: '', operatingSystem: '', osImage: '', systemUUID: '' },
}

/** A Node reduced to its machine, the machine's addresses, and the range of its pods. */
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

/** Whether nodes need not be told of a change: most changes of a Node concern other fields. */
export function isSamePlace(one: Node, other: Node): boolean {
  const [before, after] = [placeOf(one), placeOf(other)]
  const isSameObject = before.metadata.uid === after.metadata.uid
  return isSameObject && isDeepEqual([before.spec, before.status], [after.spec, after.status])
}
