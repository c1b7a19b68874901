import type { FieldLists } from './field-lists.fixture.ts'

const matching = 'packages/kubernetes/src/matching-volume.test.ts'
const plan = 'services/replicator/src/persistent-volume/plan.test.ts'
const term = 'nodeAffinity.required.nodeSelectorTerms[]'

/** The spec of a PersistentVolume. */
export const persistentVolumeSpec: FieldLists = {
  actedOn: {
    [matching]: [
      '{accessModes,capacity.*,storageClassName}',
      `${term}.{matchExpressions,matchFields}[].{key,operator,values}`,
    ],
    [plan]: ['persistentVolumeReclaimPolicy', 'claimRef.{name,namespace,uid}'],
    'services/agent/src/volumes/claimed-volume.test.ts': [
      '{hostPath.path,hostPath.type,local.path,mountOptions,nfs.path,nfs.readOnly,nfs.server}',
    ],
  },
  kept: {
    'claimRef.{apiVersion,fieldPath,kind,resourceVersion}': 'a claim is known by its name and uid',
  },
  warned: [],
  refused: [
    '{awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,fc,flexVolume,flocker}',
    '{gcePersistentDisk,glusterfs,iscsi,photonPersistentDisk,portworxVolume,quobyte,rbd}',
    '{scaleIO,storageos,vsphereVolume,local.fsType,volumeAttributesClassName,volumeMode}',
  ],
}

/** The spec of a PersistentVolumeClaim. */
export const persistentVolumeClaimSpec: FieldLists = {
  actedOn: {
    [matching]: ['{accessModes,resources.requests.*,storageClassName}', 'selector.matchLabels.*'],
    'packages/kubernetes/src/selecting/selectors.test.ts': [
      'selector.matchExpressions[].{key,operator,values}',
    ],
    [plan]: ['volumeName'],
  },
  kept: { 'resources.limits.*': 'upstream, too, goes by what is requested only' },
  warned: [],
  refused: ['{dataSource,dataSourceRef,volumeAttributesClassName,volumeMode}'],
}

/** A StorageClass, whole. */
export const storageClass: FieldLists = {
  actedOn: { [plan]: ['{allowVolumeExpansion,provisioner,volumeBindingMode}'] },
  kept: {
    '{apiVersion,kind}': 'says what it is',
    metadata: 'as of every object',
    'parameters.*': 'they are for the provisioner, and ours takes none',
    reclaimPolicy: 'no volume is made for a claim yet',
  },
  warned: [],
  refused: ['{allowedTopologies,mountOptions}'],
}
