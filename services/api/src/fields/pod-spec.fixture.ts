import { refusedInPodSpec, warnedInPodSpec } from '@reckon/kubernetes'
import type { FieldLists } from './field-lists.fixture.ts'

const containers = '{containers,initContainers}[]'
const probes = '{livenessProbe,readinessProbe,startupProbe}'
const checks = `{livenessProbe,readinessProbe,startupProbe,lifecycle.preStop,lifecycle.postStart}`
const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const terms = `{podAffinity.${required}[],podAffinity.${preferred}[].podAffinityTerm,podAntiAffinity.${required}[],podAntiAffinity.${preferred}[].podAffinityTerm}`

const template = 'volumes[].ephemeral.volumeClaimTemplate'

/** The spec of a Pod, and of every template of pods. */
export const podSpec: FieldLists = {
  actedOn: {
    'packages/scheduling/src/plugins/node-affinity.test.ts': [
      `affinity.nodeAffinity.${required}.nodeSelectorTerms[].{matchExpressions,matchFields}[].{key,operator,values}`,
      `affinity.nodeAffinity.${preferred}[].preference.{matchExpressions,matchFields}[].{key,operator,values}`,
      `affinity.nodeAffinity.${preferred}[].weight`,
      'nodeSelector.*',
    ],
    'packages/scheduling/src/state/affinity-term.test.ts': [
      `affinity.${terms}.{labelSelector,namespaceSelector}.matchLabels.*`,
      `affinity.${terms}.{matchLabelKeys,mismatchLabelKeys,namespaces}`,
      `affinity.${terms}.topologyKey`,
    ],
    'packages/kubernetes/src/selecting/selectors.test.ts': [
      `${template}.spec.selector.matchExpressions[].{key,operator,values}`,
      `affinity.${terms}.{labelSelector,namespaceSelector}.matchExpressions[].{key,operator,values}`,
      'topologySpreadConstraints[].labelSelector.matchExpressions[].{key,operator,values}',
    ],
    'packages/scheduling/src/plugins/inter-pod-affinity.test.ts': [
      `affinity.{podAffinity,podAntiAffinity}.${preferred}[].weight`,
    ],
    'packages/scheduling/src/plugins/pod-topology-spread.test.ts': [
      'topologySpreadConstraints[].{matchLabelKeys,maxSkew,minDomains,nodeAffinityPolicy}',
      'topologySpreadConstraints[].{nodeTaintsPolicy,topologyKey,whenUnsatisfiable}',
      'topologySpreadConstraints[].labelSelector.matchLabels.*',
    ],
    'packages/scheduling/src/plugins/taint-toleration.test.ts': [
      'tolerations[].{effect,key,operator,value}',
    ],
    'packages/scheduling/src/plugins/scheduling-gates.test.ts': ['schedulingGates[].name'],
    'packages/scheduling/src/plugins/node-ports.test.ts': [
      `${containers}.ports[].{containerPort,hostPort,protocol}`,
    ],
    'packages/domain/src/admission/pod-identity.test.ts': [
      'automountServiceAccountToken',
      'preemptionPolicy',
      'priority',
      'priorityClassName',
      'serviceAccount',
      'serviceAccountName',
    ],
    'packages/domain/src/kinds/pod.test.ts': ['nodeName', 'terminationGracePeriodSeconds'],
    'packages/domain/src/kinds/qos-class.test.ts': [`${containers}.resources.{limits,requests}.*`],
    'services/api/src/streams/container-of-pod.test.ts': [`${containers}.name`],
    'services/agent/src/containers/container-spec.test.ts': [
      `${containers}.{args,command,image,stdin,stdinOnce,tty,workingDir}`,
      `${containers}.ports[].hostIP`,
      `${containers}.securityContext.{allowPrivilegeEscalation,privileged}`,
      `${containers}.securityContext.{readOnlyRootFilesystem,runAsGroup,runAsUser}`,
      `${containers}.securityContext.capabilities.{add,drop}`,
      'securityContext.{fsGroup,runAsGroup,runAsUser,supplementalGroups}',
      `${containers}.lifecycle.stopSignal`,
      'securityContext.sysctls[].{name,value}',
      'setHostnameAsFQDN',
      '{hostIPC,hostNetwork,hostPID,hostname,shareProcessNamespace}',
    ],
    'services/agent/src/containers/security.test.ts': [
      `${containers}.securityContext.{procMount,runAsNonRoot}`,
      'securityContext.runAsNonRoot',
    ],
    'services/agent/src/containers/pull-credentials.test.ts': ['imagePullSecrets[].name'],
    'services/agent/src/containers/environment.test.ts': [
      `${containers}.env[].{name,value}`,
      `${containers}.env[].valueFrom.{configMapKeyRef,secretKeyRef}.{key,name,optional}`,
      `${containers}.env[].valueFrom.fieldRef.fieldPath`,
      `${containers}.env[].valueFrom.resourceFieldRef.{containerName,divisor,resource}`,
      `${containers}.envFrom[].{configMapRef,secretRef}.{name,optional}`,
      `${containers}.envFrom[].prefix`,
      'enableServiceLinks',
    ],
    'services/agent/src/containers/dns-files.test.ts': [
      'dnsConfig.{nameservers,searches}',
      'dnsConfig.options[].{name,value}',
      'dnsPolicy',
      'hostAliases[].{hostnames,ip}',
      'subdomain',
    ],
    'services/agent/src/containers/pull-policy.test.ts': [`${containers}.imagePullPolicy`],
    'services/agent/src/pods/check-container.test.ts': [
      `${containers}.${checks}.exec.command`,
      `${containers}.${checks}.httpGet.{host,path,port,scheme}`,
      `${containers}.${checks}.httpGet.httpHeaders[].{name,value}`,
      `${containers}.${checks}.tcpSocket.{host,port}`,
      `${containers}.${probes}.grpc.{port,service}`,
      `${containers}.${probes}.timeoutSeconds`,
      `${containers}.ports[].name`,
    ],
    'services/agent/src/pods/pod-probes.test.ts': [
      `${containers}.${probes}.{initialDelaySeconds,periodSeconds}`,
      `${containers}.{livenessProbe,startupProbe}.terminationGracePeriodSeconds`,
    ],
    'services/agent/src/pods/probe-count.test.ts': [
      `${containers}.${probes}.{failureThreshold,successThreshold}`,
    ],
    'services/agent/src/pods/pod-status.test.ts': [
      'activeDeadlineSeconds',
      'readinessGates[].conditionType',
      'restartPolicy',
    ],
    'services/agent/src/pods/sync.test.ts': [`${containers}.restartPolicy`],
    'services/agent/src/run-agent.test.ts': [
      `${containers}.lifecycle.{postStart,preStop}.sleep.seconds`,
    ],
    'services/agent/src/pods/termination-messages.test.ts': [
      `${containers}.{terminationMessagePath,terminationMessagePolicy}`,
    ],
    'services/agent/src/volumes/pod-mounts.test.ts': [
      `${containers}.volumeMounts[].{mountPath,mountPropagation,name,readOnly,subPath,subPathExpr}`,
      'volumes[].name',
      'volumes[].persistentVolumeClaim.readOnly',
      'volumes[].hostPath.{path,type}',
      '{volumes[],volumes[].projected.sources[]}.downwardAPI.items[].fieldRef.fieldPath',
      'volumes[].downwardAPI.defaultMode',
      '{volumes[],volumes[].projected.sources[]}.downwardAPI.items[].{mode,path}',
    ],
    'services/agent/src/volumes/volume-content.test.ts': [
      `{volumes[],volumes[].projected.sources[]}.downwardAPI.items[].resourceFieldRef.{containerName,divisor,resource}`,
      'volumes[].{configMap,projected,secret}.defaultMode',
      '{volumes[],volumes[].projected.sources[]}.configMap.{name,optional}',
      '{volumes[],volumes[].projected.sources[]}.{configMap,secret}.items[].{key,mode,path}',
      'volumes[].secret.{optional,secretName}',
      'volumes[].projected.sources[].secret.{name,optional}',
      'volumes[].projected.sources[].serviceAccountToken.{audience,path}',
    ],
    'services/agent/src/eviction/local-limits.test.ts': ['volumes[].emptyDir.sizeLimit'],
    'services/agent/src/volumes/claimed-volume.test.ts': [
      'volumes[].nfs.{path,readOnly,server}',
      'volumes[].persistentVolumeClaim.claimName',
    ],
    'services/replicator/src/ephemeral-volume/plan.test.ts': [
      `${template}.metadata.labels.*`,
      `${template}.spec.{accessModes,resources.requests.*}`,
    ],
    'packages/kubernetes/src/matching-volume.test.ts': [
      `${template}.spec.selector.matchLabels.*`,
      `${template}.spec.storageClassName`,
    ],
    'services/replicator/src/persistent-volume/plan.test.ts': [`${template}.spec.volumeName`],
    'services/agent/src/machine/disk/machine-disk.test.ts': ['securityContext.fsGroupChangePolicy'],
    'services/scheduler/src/policy.test.ts': ['schedulerName'],
    'services/replicator/src/taint-eviction/plan.test.ts': ['tolerations[].tolerationSeconds'],
  },
  kept: {
    [`${containers}.env[].valueFrom.fieldRef.apiVersion`]: 'there is one version of pods: v1',
    '{volumes[],volumes[].projected.sources[]}.downwardAPI.items[].fieldRef.apiVersion':
      'there is one version of pods: v1',
    [`${template}.metadata.{annotations,creationTimestamp,deletionGracePeriodSeconds}`]:
      'as of every object',
    [`${template}.metadata.{deletionTimestamp,finalizers,generateName,generation,managedFields}`]:
      'as of every object',
    [`${template}.metadata.{name,namespace,ownerReferences,resourceVersion,selfLink,uid}`]:
      'as of every object',
    [`${template}.spec.resources.limits.*`]: 'upstream, too, goes by what is requested only',
    [`${containers}.resizePolicy`]: 'nothing is resized in place: pods/resize is not served',
  },
  warned: Object.keys(warnedInPodSpec),
  refused: [
    ...Object.keys(refusedInPodSpec),
    `${template}.spec.{dataSource,dataSourceRef,volumeAttributesClassName,volumeMode}`,
  ],
}
