import type { FieldRules } from './field-rules.ts'

const yet = { why: '' }
const containers = '{containers,initContainers}[]'
const contexts = `{securityContext,containers[].securityContext,initContainers[].securityContext}`

/** Refused fields of pod specs, in Pods and templates; paths are below the spec. */
export const refusedInPodSpec: FieldRules = {
  [`${containers}.env[].valueFrom.fileKeyRef`]: yet,
  [`${containers}.readinessProbe.terminationGracePeriodSeconds`]: {
    why: 'must not be set for readinessProbes',
  },
  [`${containers}.resources.claims`]: yet,
  [`${containers}.restartPolicyRules`]: yet,
  [`${containers}.volumeDevices`]: yet,
  [`${containers}.volumeMounts[].recursiveReadOnly`]: {
    why: '',
    allowed: ['Disabled', 'IfPossible'],
  },
  [`${contexts}.appArmorProfile.localhostProfile`]: yet,
  [`${contexts}.appArmorProfile.type`]: { why: '', allowed: ['RuntimeDefault', 'Unconfined'] },
  [`${contexts}.seccompProfile.localhostProfile`]: yet,
  [`${contexts}.seccompProfile.type`]: { why: '', allowed: ['RuntimeDefault', 'Unconfined'] },
  [`${contexts}.windowsOptions.{gmsaCredentialSpec,gmsaCredentialSpecName,hostProcess,runAsUserName}`]:
    { why: 'there are no nodes with Windows' },
  ephemeralContainers: { why: 'cannot be set on create' },
  hostUsers: { why: '', allowed: [true] },
  hostnameOverride: yet,
  'os.name': { why: '', allowed: ['linux'] },
  overhead: yet,
  resourceClaims: yet,
  resources: yet,
  'securityContext.supplementalGroupsPolicy': { why: '', allowed: ['Merge'] },
  'volumes[].{awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,fc}': yet,
  'volumes[].{flexVolume,flocker,gcePersistentDisk,gitRepo,glusterfs,image,iscsi}': yet,
  'volumes[].{photonPersistentDisk,portworxVolume,quobyte,rbd}': yet,
  'volumes[].{scaleIO,storageos,vsphereVolume}': yet,
  'volumes[].emptyDir.medium': { why: '', allowed: ['', 'Memory'] },
  'volumes[].projected.sources[].{clusterTrustBundle,podCertificate}': yet,
}

const selinux = { why: 'is not acted on: no labels of SELinux are set' }

/** Fields of pod specs that are stored without effect, with a warning, because widely used charts set them. */
export const warnedInPodSpec: FieldRules = {
  [`${contexts}.seLinuxOptions.{level,role,type,user}`]: selinux,
  runtimeClassName: { why: "is not acted on: containers run by the node's own runtime" },
  'securityContext.seLinuxChangePolicy': selinux,
  'volumes[].projected.sources[].serviceAccountToken.expirationSeconds': {
    why: 'is not acted on: tokens hold for an hour, and are renewed in time',
    // The second is upstream's, in every pod's default token.
    allowed: [3600, 3607],
  },
}
