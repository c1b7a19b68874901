import { resourceNamed } from '@reckon/kubernetes'
import type { Ref } from '../../histories/operation.ts'
import type { World } from '../world.ts'

const namespaces = ['default', 'default', 'team-a', 'team-b']
export const apps = ['web', 'api', 'store']
const cpus = ['100m', '250m', '600m', '1100m']
const zones = ['east', 'west']
/** The initial ones; most pods have none. */
const priorityClasses = ['system-cluster-critical', 'system-node-critical']
const listed = ['configmaps', 'pods', 'deployments.apps', 'services', 'nodes', 'namespaces']

/** The objects of a step. */
export type Drawn = ReturnType<typeof drawn>

/** Draws the objects of the next step. Names are few, so that they recur. */
export function drawn({ random, history }: World) {
  const namespace = random.pick(namespaces) ?? ''
  const app = random.pick(apps) ?? ''
  const cpu = random.pick(cpus) ?? ''
  const zone = random.chance(0.2) ? random.pick(zones) : undefined
  const priorityClassName = random.chance(0.25) ? random.pick(priorityClasses) : undefined
  const replicas = random.below(5)
  const image = `image:${random.below(5)}`
  const ref = (resource: string, name: string): Ref => ({ resource, namespace, name })
  const node: Ref = { resource: 'nodes', namespace: '', name: `node-${1 + random.below(4)}` }
  /** Mostly one that exists. */
  const some = (wanted: Ref): Ref => {
    const { metadata } =
      (random.chance(0.75) &&
        random.pick(history.objects.list(resourceNamed(wanted.resource)))?.object) ||
      {}
    if (metadata === undefined) return wanted
    return { ...wanted, namespace: metadata.namespace ?? '', name: metadata.name }
  }
  return {
    ...{ namespace, app, cpu, zone, priorityClassName, replicas, image, node, some },
    home: { resource: 'namespaces', namespace: '', name: namespace },
    deployment: ref('deployments.apps', app),
    statefulSet: ref('statefulsets.apps', `set-${app}`),
    keepingSet: ref('statefulsets.apps', `kept-${app}`),
    daemonSet: ref('daemonsets.apps', `on-each-${app}`),
    job: ref('jobs.batch', `job-${app}`),
    cronJob: ref('cronjobs.batch', `cron-${app}`),
    controller: ref('replicationcontrollers', `rc-${app}`),
    service: ref('services', app),
    autoscaler: ref('horizontalpodautoscalers.autoscaling', app),
    single: ref('pods', `single-${app}`),
    keeper: ref('pods', `keeper-${app}`),
    claim: ref('persistentvolumeclaims', `data-${app}`),
    volume: { resource: 'persistentvolumes', namespace: '', name: `disk-${1 + random.below(3)}` },
    fixed: ref('pods', `fixed-${app}`),
    configMap: ref('configmaps', `settings-${app}`),
    secret: ref('secrets', `password-${app}`),
    listed: random.pick(listed) ?? '',
  }
}
