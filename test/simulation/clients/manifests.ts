import type { KubernetesObject } from '@reckon/kubernetes'

type Named = { namespace: string; name: string }

type PodParameters = {
  cpu: string
  zone?: string | undefined
  configMap?: string | undefined
  secret?: string | undefined
  priorityClassName?: string | undefined
  /** Bound by its creator, without any scheduler. */
  nodeName?: string | undefined
  /** The claim that it mounts. */
  claim?: string | undefined
}

export const namespaceNamed = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
})

export const configMapOf = ({ namespace, name }: Named, value: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data: { value },
})

export const quotaOf = (
  { namespace, name }: Named,
  hard: Readonly<Record<string, string>>,
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { namespace, name },
  spec: { hard },
})

export const secretOf = ({ namespace, name }: Named, value: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name },
  stringData: { value },
})

const podSpec = (parameters: PodParameters, image: string) => {
  const { cpu, zone, configMap, secret, priorityClassName, nodeName, claim } = parameters
  const envFrom = [
    ...(configMap ? [{ configMapRef: { name: configMap } }] : []),
    ...(secret ? [{ secretRef: { name: secret } }] : []),
  ]
  return {
    containers: [
      {
        name: 'main',
        image,
        resources: { requests: { cpu } },
        ports: [{ containerPort: 8080 }],
        ...(envFrom.length > 0 && { envFrom }),
        ...(claim && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      },
    ],
    ...(claim && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
    ...(zone && { nodeSelector: { zone } }),
    ...(priorityClassName && { priorityClassName }),
    ...(nodeName && { nodeName }),
  }
}

export const podOf = ({ namespace, name }: Named, parameters: PodParameters): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels: { app: name } },
  spec: podSpec(parameters, 'image:1'),
})

export const deploymentOf = (
  { namespace, name }: Named,
  parameters: PodParameters & { replicas: number },
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    replicas: parameters.replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(parameters, 'image:1') },
  },
})

type SetParameters = PodParameters & { replicas: number; isParallel: boolean }

export const statefulSetOf = (
  { namespace, name }: Named,
  { replicas, isParallel, claims, ...parameters }: SetParameters & { claims?: object },
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { namespace, name },
  spec: {
    replicas,
    serviceName: name,
    podManagementPolicy: isParallel ? 'Parallel' : 'OrderedReady',
    ...claims,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(parameters, 'image:1') },
  },
})

/** Targets half of its pods' requests, and adds one pod at a time. */
export const autoscalerOf = (
  { namespace, name }: Named,
  deployment: string,
  bounds: { minReplicas: number; maxReplicas: number },
): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { namespace, name },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
    ...bounds,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
    ],
    behavior: {
      scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] },
      scaleDown: { stabilizationWindowSeconds: 30 },
    },
  },
})

/** A StatefulSet whose pods have a claim each, retained or deleted with them. */
export function keepingSetOf(
  named: Named,
  { isKept, ...parameters }: SetParameters & { isKept: boolean },
): KubernetesObject {
  const policy = isKept ? 'Retain' : 'Delete'
  const { spec } = claimOf({ ...named, name: 'data' }, localClass)
  const claims = {
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }],
    persistentVolumeClaimRetentionPolicy: { whenScaled: policy, whenDeleted: policy },
  }
  return statefulSetOf(named, { ...parameters, claim: 'data', claims })
}

/** The initial class, and one whose volumes are created by hand. */
const localClass = 'local-path'
export const storageClasses = [localClass, localClass, 'by-hand']

export const claimOf = ({ namespace, name }: Named, storageClassName: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { namespace, name },
  spec: {
    storageClassName,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
})

/** A directory that somebody has created on a node. */
export const volumeOf = ({ name }: { name: string }, node: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    storageClassName: 'by-hand',
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '2Gi' },
    persistentVolumeReclaimPolicy: 'Retain',
    local: { path: `/disks/${name}` },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
        ],
      },
    },
  },
})

export const daemonSetOf = (
  { namespace, name }: Named,
  parameters: PodParameters,
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { namespace, name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(parameters, 'image:1') },
  },
})

/** Its pods end when their containers do. */
export const jobOf = (
  { namespace, name }: Named,
  {
    completions,
    isIndexed,
    policies = {},
    ...parameters
  }: PodParameters & {
    completions: number
    isIndexed: boolean
    /** Its policies for failures and successes. */
    policies?: object | undefined
  },
): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { namespace, name },
  spec: {
    completions,
    parallelism: 2,
    completionMode: isIndexed ? 'Indexed' : 'NonIndexed',
    ...policies,
    template: { spec: { ...podSpec(parameters, 'image:1'), restartPolicy: 'Never' } },
  },
})

/** A Job every minute. */
export const cronJobOf = (
  { namespace, name }: Named,
  { concurrencyPolicy, ...parameters }: PodParameters & { concurrencyPolicy: string },
): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { namespace, name },
  spec: {
    schedule: '* * * * *',
    concurrencyPolicy,
    jobTemplate: {
      spec: { template: { spec: { ...podSpec(parameters, 'image:1'), restartPolicy: 'Never' } } },
    },
  },
})

export const replicationControllerOf = (
  { namespace, name }: Named,
  parameters: PodParameters & { replicas: number },
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { namespace, name },
  spec: {
    replicas: parameters.replicas,
    selector: { app: name },
    template: { metadata: { labels: { app: name } }, spec: podSpec(parameters, 'image:1') },
  },
})

export const serviceOf = (
  { namespace, name }: Named,
  parameters: { app: string; clusterIP?: string | undefined; nodePort?: number | undefined },
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: {
    selector: { app: parameters.app },
    ...(parameters.clusterIP && { clusterIP: parameters.clusterIP }),
    type: parameters.nodePort === undefined ? 'ClusterIP' : 'NodePort',
    ports: [
      { port: 80, targetPort: 8080, ...(parameters.nodePort && { nodePort: parameters.nodePort }) },
    ],
  },
})
