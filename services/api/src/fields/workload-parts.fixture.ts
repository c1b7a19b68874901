import { inDefault } from '../api.fixture.ts'
import { type Part, specOf } from './field-lists.fixture.ts'
import { ingressSpec, ingressSpecV1beta1, serviceSpec } from './networking.fixture.ts'
import { podSpec } from './pod-spec.fixture.ts'
import {
  cronJobSpec,
  daemonSetSpec,
  deploymentSpec,
  jobSpec,
  podTemplate,
  replicaSetSpec,
  replicationControllerSpec,
  statefulSetSpec,
  v1beta1DaemonSetSpec,
  v1beta1DeploymentSpec,
} from './workloads.fixture.ts'

const container = { name: 'c', image: 'i:1' }
const labels = { app: 'x' }
const template = { metadata: { labels }, spec: { containers: [container] } }
const selector = { matchLabels: labels }
const once = { spec: { ...template.spec, restartPolicy: 'Never' } }
const rules = [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: {} }] } }]
const within = (groupVersion: string, plural: string) =>
  `/apis/${groupVersion}/namespaces/default/${plural}`

type Workload = Pick<Part, 'name' | 'lists'>

/** What the spec of a workload has in some version, beside its template. */
const workload = (version: string, kind: string, part: Workload, more: object = {}): Part => ({
  ...part,
  schema: `io.k8s.api.${version.replace('/', '.')}.${kind}Spec`,
  ...specOf(within(version, `${kind.toLowerCase()}s`), { selector, template, ...more }),
  except: ['template'],
})

const deployment = { name: 'a Deployment', lists: deploymentSpec }
const replicaSet = { name: 'a ReplicaSet', lists: replicaSetSpec }
const statefulSet = { name: 'a StatefulSet', lists: statefulSetSpec }
const daemonSet = { name: 'a DaemonSet', lists: daemonSetSpec }
const serviceName = { serviceName: 's' }
const old = (part: Workload, version: string) => ({ ...part, name: `${part.name} of ${version}` })

/** Pods, what makes pods, and what leads to them. */
export const workloadParts: readonly Part[] = [
  {
    ...{ name: 'the spec of a Pod', schema: 'io.k8s.api.core.v1.PodSpec', lists: podSpec },
    ...specOf(inDefault('pods'), { containers: [container] }),
  },
  {
    name: 'a template of pods',
    ...{ schema: 'io.k8s.api.core.v1.PodTemplateSpec', lists: podTemplate, at: 'spec.template' },
    ...{ url: inDefault('deployments'), base: { metadata: { name: 'x' }, spec: { selector } } },
    except: ['spec'],
  },
  workload('apps/v1', 'Deployment', deployment),
  workload('apps/v1beta2', 'Deployment', old(deployment, 'apps/v1beta2')),
  workload('extensions/v1beta1', 'Deployment', {
    name: 'a Deployment of extensions/v1beta1',
    lists: v1beta1DeploymentSpec,
  }),
  workload('apps/v1', 'ReplicaSet', replicaSet),
  workload('apps/v1beta2', 'ReplicaSet', old(replicaSet, 'apps/v1beta2')),
  workload('extensions/v1beta1', 'ReplicaSet', old(replicaSet, 'extensions/v1beta1')),
  workload('apps/v1', 'StatefulSet', statefulSet, serviceName),
  workload('apps/v1beta2', 'StatefulSet', old(statefulSet, 'apps/v1beta2'), serviceName),
  workload('apps/v1', 'DaemonSet', daemonSet),
  workload('apps/v1beta2', 'DaemonSet', old(daemonSet, 'apps/v1beta2')),
  workload('extensions/v1beta1', 'DaemonSet', {
    name: 'a DaemonSet of extensions/v1beta1',
    lists: v1beta1DaemonSetSpec,
  }),
  {
    name: 'a ReplicationController',
    schema: 'io.k8s.api.core.v1.ReplicationControllerSpec',
    lists: replicationControllerSpec,
    ...specOf(inDefault('replicationcontrollers'), { template }),
    except: ['template'],
  },
  workload(
    'batch/v1',
    'Job',
    { name: 'a Job', lists: jobSpec },
    { selector: undefined, template: once },
  ),
  {
    ...{ name: 'a CronJob', schema: 'io.k8s.api.batch.v1.CronJobSpec', lists: cronJobSpec },
    ...specOf(within('batch/v1', 'cronjobs'), {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: once } },
    }),
    except: ['jobTemplate.spec'],
  },
  {
    ...{ name: 'a Service', schema: 'io.k8s.api.core.v1.ServiceSpec', lists: serviceSpec },
    ...specOf(inDefault('services'), { type: 'LoadBalancer', ports: [{ port: 80 }] }),
  },
  {
    ...{ name: 'an Ingress', schema: 'io.k8s.api.networking.v1.IngressSpec', lists: ingressSpec },
    ...specOf(within('networking.k8s.io/v1', 'ingresses'), { rules }),
  },
  ...['networking.k8s.io/v1beta1', 'extensions/v1beta1'].map((version) => ({
    name: `an Ingress of ${version}`,
    schema: `io.k8s.api.${version.replace('.k8s.io', '').replace('/', '.')}.IngressSpec`,
    lists: ingressSpecV1beta1,
    ...specOf(within(version, 'ingresses'), { rules }),
  })),
]
