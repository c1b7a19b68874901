import { type Origin, withoutFinalizer } from '@reckon/domain'
import {
  isOf,
  isRefusal,
  isToRemove,
  localProvisioner,
  madeOn,
  makingNodeOf,
  type Node,
  nodes,
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  provisionedName,
  StatusError,
  type StorageClass,
  storageAnnotations,
  storageClasses,
  storageFinalizers,
} from '@reckon/kubernetes'
import type { ReportReply, VolumeGoneReport, VolumeReadyReport } from '@reckon/node-plane'
import { changeObject, createObject, deleteObject, noteOnce, reachHead } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

type Reported<R> = { report: R; origin: Origin }

/**
 * Records the volume for which a node has made a directory. All but its path follows from the claim and its class: a
 * node only decides where the volume lies, and only for a claim that was assigned to it.
 */
export async function recordVolume(
  ports: ApiPorts,
  node: string,
  { report, origin }: Reported<VolumeReadyReport>,
): Promise<ReportReply> {
  const { objects } = ports
  const { namespace, name, uid, path } = report
  const find = () => {
    const claim = objects.get(persistentVolumeClaims, namespace, name)
    return claim?.object.metadata.uid === uid ? claim : undefined
  }
  // The node may have heard of the claim from another api that is ahead of this one.
  if (makingNodeOf(find()?.object ?? noClaim) !== node) await reachHead(ports)
  const stored = find()
  if (stored === undefined) throw new StatusError('NotFound', `claim ${namespace}/${name} is gone`)
  const claim = stored.object
  if (claim.spec.volumeName) return { outcome: 'Ignored', message: 'the claim has a volume' }
  if (makingNodeOf(claim) !== node) throw notIts(node, `a volume for claim ${namespace}/${name}`)
  const storageClass = objects.get(storageClasses, '', claim.spec.storageClassName ?? '')?.object
  const machine = objects.get(nodes, '', node)?.object
  if (storageClass === undefined || machine === undefined) {
    throw new StatusError('NotFound', `the class of claim ${namespace}/${name} is gone`)
  }
  if (!isOwnPath(path, uid)) throw notIts(node, `a volume at ${path}`)
  const object = volumeFor(claim, { storageClass, machine, path })
  const created = await unlessThere(() =>
    createObject(ports, {
      resource: persistentVolumes,
      object,
      origin: { ...origin, cause: report.cause },
    }),
  )
  const told = {
    type: 'Normal',
    reason: 'ProvisioningSucceeded',
    message: `Successfully provisioned volume ${object.metadata.name}`,
    component: `${localProvisioner}_${node}`,
  } as const
  await noteOnce(ports, claim, told, { ...origin, cause: stored.intent })
  return { outcome: created ? 'Recorded' : 'Unchanged' }
}

const noClaim: PersistentVolumeClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: '' },
  spec: {},
}

/** The path must be a directory of the claim's own, wherever the node stores its data. */
const isOwnPath = (path: string, uid: string): boolean =>
  path.startsWith('/') &&
  path.endsWith(`/${provisionedName(uid)}`) &&
  !path.split('/').includes('..')

type Making = { storageClass: StorageClass; machine: Node; path: string }

function volumeFor(
  { metadata, spec }: PersistentVolumeClaim,
  { storageClass, machine, path }: Making,
): PersistentVolume {
  const { namespace = '', name, uid = '' } = metadata
  const { provisionedBy, madeOn: madeOnNode } = storageAnnotations
  const policy = storageClass.reclaimPolicy ?? 'Delete'
  const hostname = 'kubernetes.io/hostname'
  const values = [machine.metadata.labels?.[hostname] ?? machine.metadata.name]
  const term = { matchExpressions: [{ key: hostname, operator: 'In', values }] }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: provisionedName(uid),
      annotations: { [provisionedBy]: localProvisioner, [madeOnNode]: machine.metadata.name },
      ...(policy === 'Delete' && { finalizers: [storageFinalizers.provisioned] }),
    },
    spec: {
      capacity: { storage: spec.resources?.requests?.storage ?? '0' },
      ...(spec.accessModes && { accessModes: spec.accessModes }),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      persistentVolumeReclaimPolicy: policy,
      storageClassName: storageClass.metadata.name,
      volumeMode: 'Filesystem',
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [term] } },
    },
  }
}

/**
 * Deletes a volume whose directory the node has removed: it belongs to no claim any more, and its policy is not to
 * retain it.
 */
export async function endVolume(
  ports: ApiPorts,
  node: string,
  { report: { name, uid, cause }, origin }: Reported<VolumeGoneReport>,
): Promise<ReportReply> {
  const find = () => ports.objects.get(persistentVolumes, '', name)?.object
  const isExpected = (volume: PersistentVolume | undefined): boolean =>
    volume?.metadata.uid === uid && volume !== undefined && isToRemove(volume)
  if (!isExpected(find())) await reachHead(ports)
  const volume = find()
  if (volume?.metadata.uid !== uid || volume === undefined) {
    throw new StatusError('NotFound', `volume ${name} is gone`)
  }
  if (madeOn(volume) !== node || !isToRemove(volume)) throw notIts(node, `volume ${name} as gone`)
  const target = { resource: persistentVolumes, namespace: '', name }
  const asked = { target, preconditions: { uid }, origin: { ...origin, cause } }
  // If another write comes first, the node reports again.
  await deleteObject(ports, asked)
  await changeObject(ports, {
    ...asked,
    // Meanwhile it may have been bound: then it has a directory again with the first pod, and this is not its end.
    change: (current) =>
      isOf(persistentVolumes, current) && isToRemove(current)
        ? withoutFinalizer(current, storageFinalizers.provisioned)
        : current,
  })
  return { outcome: 'Recorded' }
}

async function unlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create()
    return true
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error
    return false
  }
}

const notIts = (node: string, what: string): StatusError =>
  new StatusError('Forbidden', `node ${node} may not report ${what}`)
