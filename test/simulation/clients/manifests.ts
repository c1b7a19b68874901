import type { KubernetesObject } from '@reckon/kubernetes'

type Named = { namespace: string; name: string }

type PodParameters = {
  cpu: string
  zone?: string | undefined
  configMap?: string | undefined
  secret?: string | undefined
  priorityClassName?: string | undefined
  /** Bound by whoever makes it, past any scheduler. */
  nodeName?: string | undefined
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
  const { cpu, zone, configMap, secret, priorityClassName, nodeName } = parameters
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
      },
    ],
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
  { replicas, isParallel, ...parameters }: SetParameters,
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { namespace, name },
  spec: {
    replicas,
    serviceName: name,
    podManagementPolicy: isParallel ? 'Parallel' : 'OrderedReady',
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(parameters, 'image:1') },
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
    /** What it makes of failures and successes. */
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
