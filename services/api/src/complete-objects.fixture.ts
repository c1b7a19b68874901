import type { JsonObject } from '@reckon/kubernetes'
import { deployment, inDefault } from './api.fixture.ts'

const selector = {
  matchLabels: { app: 'x' },
  matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }],
}
const term = { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }
const podTerm = { topologyKey: 'kubernetes.io/hostname', labelSelector: selector }
const probe = { httpGet: { port: 80, path: '/', httpHeaders: [{ name: 'a', value: 'b' }] } }
const container = {
  name: 'c',
  image: 'i',
  ports: [{ containerPort: 80, name: 'http' }],
  env: [
    { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'B', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } },
    { name: 'C', valueFrom: { secretKeyRef: { name: 'm', key: 'k' } } },
    { name: 'D', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
  ],
  envFrom: [{ configMapRef: { name: 'm' } }, { secretRef: { name: 's' } }],
  resources: { limits: { cpu: '1' }, requests: { cpu: '1' } },
  volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 's' }],
  livenessProbe: probe,
  readinessProbe: { exec: { command: ['true'] } },
  startupProbe: { tcpSocket: { port: 80 } },
  lifecycle: { preStop: { exec: { command: ['true'] } } },
  securityContext: { runAsUser: 1, capabilities: { add: ['A'] } },
}
const podSpec = {
  containers: [container],
  initContainers: [{ name: 'd', image: 'i' }],
  volumes: [
    { name: 'v', emptyDir: {} },
    { name: 'w', configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } },
    { name: 'x', secret: { secretName: 's', items: [{ key: 'k', path: 'p' }] } },
    { name: 'y', hostPath: { path: '/x', type: 'Directory' } },
    {
      name: 'z',
      downwardAPI: {
        items: [{ path: 'p', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
      },
    },
    {
      name: 'q',
      projected: { sources: [{ configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } }] },
    },
  ],
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }],
  hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }],
  imagePullSecrets: [{ name: 's' }],
  dnsConfig: { nameservers: ['1.2.3.4'], options: [{ name: 'ndots', value: '5' }] },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: selector,
    },
  ],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }],
    },
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [podTerm],
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: podTerm }],
    },
  },
}
const metadata = {
  name: 'x',
  labels: { app: 'x' },
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u' }],
}
const { spec } = deployment('x')
const template = { metadata: { labels: { app: 'x' } }, spec: podSpec }
const of = (apiVersion: string, kind: string, content: object) => ({
  apiVersion,
  kind,
  metadata,
  ...content,
})
const backend = { service: { name: 's', port: { number: 80 } } }
const discovery = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
const networking = '/apis/networking.k8s.io/v1'
const batch = '/apis/batch/v1/namespaces/default'
const rbac = '/apis/rbac.authorization.k8s.io/v1'
const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] }
/** A template whose spec is tried with other kinds. */
const light = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
}
const jobSpec = {
  ...{ completions: 3, parallelism: 2, completionMode: 'Indexed', backoffLimit: 1 },
  podFailurePolicy: {
    rules: [
      { action: 'FailJob', onExitCodes: { containerName: 'c', operator: 'In', values: [1] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ],
  },
  successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] },
  template: { ...light, spec: { ...light.spec, restartPolicy: 'Never' } },
}

/** An object of each of many kinds that has much of what its kind may have, and where it is created. */
export const completeObjects: readonly [url: string, object: JsonObject][] = [
  [inDefault('pods'), of('v1', 'Pod', { spec: podSpec })],
  [
    inDefault('deployments'),
    of('apps/v1', 'Deployment', { spec: { ...spec, selector, template } }),
  ],
  [inDefault('replicasets'), of('apps/v1', 'ReplicaSet', { spec: { selector, template } })],
  [
    inDefault('services'),
    of('v1', 'Service', { spec: { selector: { a: 'b' }, ports: [{ port: 80, name: 'p' }] } }),
  ],
  [inDefault('secrets'), of('v1', 'Secret', { type: 'Opaque', data: { a: 'Yg==' } })],
  [inDefault('configmaps'), of('v1', 'ConfigMap', { data: { a: 'b' } })],
  [
    discovery,
    of('discovery.k8s.io/v1', 'EndpointSlice', {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['1.2.3.4'], targetRef: { kind: 'Pod', name: 'p', uid: 'u' } }],
      ports: [{ name: 'p', port: 80, protocol: 'TCP' }],
    }),
  ],
  [
    `${networking}/namespaces/default/ingresses`,
    of('networking.k8s.io/v1', 'Ingress', {
      spec: {
        defaultBackend: backend,
        tls: [{ hosts: ['a.b'], secretName: 's' }],
        rules: [{ host: 'a.b', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      },
    }),
  ],
  [
    `${networking}/ingressclasses`,
    of('networking.k8s.io/v1', 'IngressClass', {
      spec: { controller: 'a.b/c', parameters: { kind: 'K', name: 'n' } },
    }),
  ],
  [
    '/api/v1/nodes',
    of('v1', 'Node', {
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }], podCIDR: '10.0.0.0/24' },
    }),
  ],
  [
    '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    of('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        maxReplicas: 3,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
          },
        ],
      },
    }),
  ],
  [
    `${networking}/namespaces/default/networkpolicies`,
    of('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: {
        podSelector: selector,
        ingress: [{ from: [{ podSelector: selector }], ports: [{ port: 80, protocol: 'TCP' }] }],
        policyTypes: ['Ingress'],
      },
    }),
  ],
  ['/apis/node.k8s.io/v1/runtimeclasses', of('node.k8s.io/v1', 'RuntimeClass', { handler: 'h' })],
  [
    '/apis/apps/v1/namespaces/default/statefulsets',
    of('apps/v1', 'StatefulSet', {
      spec: {
        ...{ selector, template: light, serviceName: 's', ordinals: { start: 1 } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      },
    }),
  ],
  [
    '/apis/apps/v1/namespaces/default/daemonsets',
    of('apps/v1', 'DaemonSet', {
      spec: {
        ...{ selector, template: light },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      },
    }),
  ],
  [`${batch}/jobs`, of('batch/v1', 'Job', { spec: jobSpec })],
  [
    `${batch}/cronjobs`,
    of('batch/v1', 'CronJob', {
      spec: {
        ...{ schedule: '* * * * *', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid' },
        jobTemplate: { metadata: { labels: { a: 'b' } }, spec: jobSpec },
      },
    }),
  ],
  [
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    of('policy/v1', 'PodDisruptionBudget', { spec: { selector, minAvailable: '50%' } }),
  ],
  [
    `${rbac}/namespaces/default/roles`,
    of('rbac.authorization.k8s.io/v1', 'Role', { rules: [rule] }),
  ],
  [
    `${rbac}/clusterroles`,
    of('rbac.authorization.k8s.io/v1', 'ClusterRole', {
      aggregationRule: { clusterRoleSelectors: [selector] },
      rules: [rule, { verbs: ['get'], nonResourceURLs: ['/metrics'] }],
    }),
  ],
  [
    `${rbac}/namespaces/default/rolebindings`,
    of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'ServiceAccount', name: 'a', namespace: 'b' },
        { kind: 'User', name: 'ada', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    }),
  ],
  ['/api/v1/namespaces', of('v1', 'Namespace', { spec: { finalizers: ['kubernetes'] } })],
]
