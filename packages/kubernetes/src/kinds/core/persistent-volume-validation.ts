import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { immutable, oneOf } from '../../field-rules.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { PersistentVolume, PersistentVolumeSpec } from '../../object.ts'
import { validateNodeTerms } from '../../pod-spec/affinity-validation.ts'
import { hostPathTypes } from '../../pod-spec/volume-validation.ts'
import { compareQuantities } from '../../quantity.ts'
import { compiled, refusalsOf } from '../../unserved/field-rules.ts'
import { validateAccessModes } from './access-modes.ts'

const yet = { why: '' }

/** The supported sources: directories of a node or of an NFS server. */
const refused = compiled({
  '{awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,fc,flexVolume,flocker}': yet,
  '{gcePersistentDisk,glusterfs,iscsi,photonPersistentDisk,portworxVolume,quobyte,rbd}': yet,
  '{scaleIO,storageos,vsphereVolume}': yet,
  'local.fsType': { why: 'there are no volumes that are devices' },
  persistentVolumeReclaimPolicy: { why: '', allowed: ['Delete', 'Retain'] },
  volumeAttributesClassName: yet,
  volumeMode: { why: '', allowed: ['Filesystem'] },
})

const sources = ['hostPath', 'local', 'nfs'] as const

/** What is wrong with a volume's spec (upstream's `ValidatePersistentVolumeSpec`). */
export function validatePersistentVolume({ spec = {} }: PersistentVolume): FieldError[] {
  const { accessModes = [], nodeAffinity, storageClassName } = spec
  const classProblem = storageClassName ? subdomainProblem(storageClassName) : ''
  return [
    ...(accessModes.length === 0 ? [required('spec.accessModes')] : []),
    ...validateAccessModes(accessModes, 'spec.accessModes'),
    ...validateCapacity(spec.capacity),
    ...refusalsOf(refused, spec, 'spec'),
    ...validateSource(spec),
    ...(nodeAffinity && !nodeAffinity.required
      ? [required('spec.nodeAffinity.required', 'must specify required node constraints')]
      : []),
    ...validateNodeTerms(nodeAffinity?.required, 'spec.nodeAffinity.required'),
    ...(classProblem
      ? [invalidValue('spec.storageClassName', storageClassName, classProblem)]
      : []),
  ]
}

function validateCapacity(capacity: PersistentVolumeSpec['capacity'] = {}): FieldError[] {
  const at = 'spec.capacity'
  const { storage, ...others } = capacity
  if (storage === undefined) return [required(`${at}[storage]`)]
  return [
    ...Object.keys(others).map((name) => forbiddenField(`${at}[${name}]`, 'only storage is known')),
    ...(compareQuantities(storage, '0') > 0
      ? []
      : [invalidValue(`${at}[storage]`, storage, 'must be greater than zero')]),
  ]
}

function validateSource(spec: PersistentVolumeSpec): FieldError[] {
  const [first, ...more] = sources.filter((source) => spec[source] !== undefined)
  if (first === undefined) return [required('spec', 'must specify a volume type')]
  const { hostPath, local, nfs, nodeAffinity } = spec
  return [
    ...more.map((source) =>
      forbiddenField(`spec.${source}`, 'may not specify more than 1 volume type'),
    ),
    ...(hostPath ? validatePath(hostPath.path, 'spec.hostPath.path') : []),
    ...oneOf('spec.hostPath.type', hostPath?.type, hostPathTypes),
    ...(local ? validatePath(local.path, 'spec.local.path') : []),
    ...(local && !nodeAffinity
      ? [required('spec.nodeAffinity', 'Local volume requires node affinity')]
      : []),
    ...(nfs && !nfs.server ? [required('spec.nfs.server')] : []),
    ...(nfs ? validatePath(nfs.path, 'spec.nfs.path') : []),
  ]
}

/** Upstream requires an absolute path only for NFS; a relative one would depend on where the agent runs. */
function validatePath(path: string | undefined, field: string): FieldError[] {
  if (!path) return [required(field)]
  if (!path.startsWith('/')) return [invalidValue(field, path, 'must be an absolute path')]
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []
}

/** The source of a volume is immutable. */
export function validatePersistentVolumeUpdate(
  { spec: after }: PersistentVolume,
  { spec: before }: PersistentVolume,
): FieldError[] {
  const sourceOf = (spec: PersistentVolumeSpec) => sources.map((source) => spec[source])
  return [
    ...(isDeepEqual(sourceOf(after), sourceOf(before))
      ? []
      : [
          forbiddenField(
            'spec.persistentvolumesource',
            'spec.persistentvolumesource is immutable after creation',
          ),
        ]),
    ...immutable('volumeMode', after.volumeMode, before.volumeMode),
    ...(before.nodeAffinity
      ? immutable('nodeAffinity', after.nodeAffinity, before.nodeAffinity)
      : []),
  ]
}
