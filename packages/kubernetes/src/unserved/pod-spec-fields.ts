import type { FieldRules } from './field-rules.ts'

const yet = { why: '' }
const containers = '{containers,initContainers}[]'
const probes = '{livenessProbe,readinessProbe,startupProbe}'
const contexts = `{securityContext,containers[].securityContext,initContainers[].securityContext}`

/** What of a pod's spec is refused, in a Pod and in a template: paths below the spec. */
export const refusedInPodSpec: FieldRules = {
  [`${containers}.env[].valueFrom.fileKeyRef`]: yet,
  [`${containers}.lifecycle.postStart.sleep`]: yet,
  [`${containers}.lifecycle.stopSignal`]: yet,
  [`${containers}.${probes}.grpc`]: yet,
  [`${containers}.${probes}.terminationGracePeriodSeconds`]: yet,
  [`${containers}.resources.claims`]: yet,
  [`${containers}.restartPolicyRules`]: yet,
  [`${containers}.securityContext.procMount`]: { why: '', allowed: ['Default'] },
  [`${containers}.volumeDevices`]: yet,
  [`${containers}.volumeMounts[].recursiveReadOnly`]: {
    why: '',
    allowed: ['Disabled', 'IfPossible'],
  },
  [`${contexts}.appArmorProfile.localhostProfile`]: yet,
  [`${contexts}.appArmorProfile.type`]: { why: '', allowed: ['RuntimeDefault'] },
  [`${contexts}.seccompProfile.localhostProfile`]: yet,
  [`${contexts}.seccompProfile.type`]: { why: '', allowed: ['RuntimeDefault'] },
  [`${contexts}.windowsOptions.{gmsaCredentialSpec,gmsaCredentialSpecName,hostProcess,runAsUserName}`]:
    { why: 'there are no nodes with Windows' },
  ephemeralContainers: yet,
  hostUsers: { why: '', allowed: [true] },
  hostnameOverride: yet,
  'os.name': { why: '', allowed: ['linux'] },
  overhead: yet,
  resourceClaims: yet,
  resources: yet,
  'securityContext.supplementalGroupsPolicy': { why: '', allowed: ['Merge'] },
  'securityContext.sysctls': yet,
  setHostnameAsFQDN: { why: '', allowed: [false] },
  'volumes[].{awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,ephemeral,fc}': yet,
  'volumes[].{flexVolume,flocker,gcePersistentDisk,gitRepo,glusterfs,image,iscsi,nfs}': yet,
  'volumes[].{persistentVolumeClaim,photonPersistentDisk,portworxVolume,quobyte,rbd}': yet,
  'volumes[].{scaleIO,storageos,vsphereVolume}': yet,
  'volumes[].emptyDir.medium': { why: '', allowed: ['', 'Memory'] },
  'volumes[].{downwardAPI.items[],projected.sources[].downwardAPI.items[]}.resourceFieldRef': yet,
  'volumes[].projected.sources[].{clusterTrustBundle,podCertificate}': yet,
}

const selinux = { why: 'is not acted on: no labels of SELinux are set' }
const messages = 'is not acted on: termination messages are not read'

/** What of a pod's spec is kept and not acted on, though charts that everybody uses set it; its writer is warned. */
export const warnedInPodSpec: FieldRules = {
  [`${containers}.securityContext.runAsNonRoot`]: {
    why: 'is not acted on: whether the image runs as root is not looked at',
    allowed: [false],
  },
  'securityContext.runAsNonRoot': {
    why: 'is not acted on: whether an image runs as root is not looked at',
    allowed: [false],
  },
  [`${containers}.terminationMessagePath`]: { why: messages, allowed: ['/dev/termination-log'] },
  [`${containers}.terminationMessagePolicy`]: { why: messages, allowed: ['File'] },
  [`${containers}.volumeMounts[].mountPropagation`]: {
    why: 'is not acted on: what is mounted later, on the host or in the container, is not seen by the other',
    allowed: ['None'],
  },
  [`${contexts}.seLinuxOptions.{level,role,type,user}`]: selinux,
  imagePullSecrets: { why: 'is not acted on: images are pulled without credentials' },
  runtimeClassName: { why: "is not acted on: containers run by the node's own runtime" },
  'securityContext.fsGroup': {
    why: 'is acted on as a supplementary group only: volumes keep their owners and modes',
  },
  'securityContext.fsGroupChangePolicy': {
    why: 'is not acted on: volumes keep their owners and modes',
  },
  'securityContext.seLinuxChangePolicy': selinux,
  'volumes[].emptyDir.sizeLimit': {
    why: 'is acted on for the medium Memory only',
    unless: ({ medium }) => medium === 'Memory',
  },
  'volumes[].projected.sources[].serviceAccountToken.expirationSeconds': {
    why: 'is not acted on: tokens hold for an hour, and are renewed in time',
    allowed: [3600],
  },
}
