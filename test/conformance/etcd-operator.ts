import {
  ApiException,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ObjectMeta,
  type V1Pod,
} from '@kubernetes/client-node'
import { keepInformed } from './steady-informer.ts'

const group = 'etcd.database.coreos.com'
const version = 'v1beta2'
const apiVersion = `${group}/${version}`
const manager = 'etcd-operator'

type EtcdCluster = {
  apiVersion: string
  kind: string
  metadata: V1ObjectMeta & { name: string; namespace: string }
  spec: { size: number }
  status?: { members?: number }
}

type Apis = { objects: KubernetesObjectApi; custom: CustomObjectsApi }

/** The definition of the etcd-operator's kind as in its tutorials, with the schema that is required today. */
export const etcdClusters = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `etcdclusters.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'etcdclusters', kind: 'EtcdCluster', shortNames: ['etcd'] },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: { size: { type: 'integer', minimum: 1, maximum: 7 } },
              },
              status: { type: 'object', properties: { members: { type: 'integer' } } },
            },
          },
        },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.members' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Members', type: 'integer', jsonPath: '.status.members' },
        ],
      },
    ],
  },
}

/**
 * A small etcd-operator: as many pods as each EtcdCluster of a namespace wants, and in its status how many there are.
 * It knows both by informers only, and writes by server-side apply. Resolves once it follows them; stops by what it
 * answers.
 */
export async function runEtcdOperator(
  config: KubeConfig,
  namespace: string,
): Promise<() => Promise<void>> {
  const core = config.makeApiClient(CoreV1Api)
  const objects = KubernetesObjectApi.makeApiClient(config)
  const apis = { objects, custom: config.makeApiClient(CustomObjectsApi) }
  const clusters = makeInformer<EtcdCluster>(
    config,
    `/apis/${apiVersion}/namespaces/${namespace}/etcdclusters`,
    async () => {
      const list = await objects.list<EtcdCluster>(apiVersion, 'EtcdCluster', namespace)
      return { ...list, items: list.items.map((item) => ({ ...item, apiVersion })) }
    },
  )
  const members = makeInformer<V1Pod>(config, `/api/v1/namespaces/${namespace}/pods`, () =>
    core.listNamespacedPod({ namespace }),
  )
  const reconcile = async () => {
    for (const cluster of clusters.list(namespace)) {
      await bringAbout(apis, cluster, membersOf(cluster, members.list(namespace)))
    }
  }
  const reconciling = inTurn(reconcile)
  clusters.on('change', reconciling.again)
  members.on('change', reconciling.again)
  const ends = [await keepInformed(clusters), await keepInformed(members)]
  return async () => {
    for (const end of ends) await end()
    await reconciling.settled()
  }
}

function membersOf({ metadata }: EtcdCluster, pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter(
    (pod) =>
      pod.metadata?.deletionTimestamp === undefined &&
      pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata.uid),
  )
}

async function bringAbout(
  { objects, custom }: Apis,
  cluster: EtcdCluster,
  members: readonly V1Pod[],
): Promise<void> {
  const { name, namespace, uid = '' } = cluster.metadata
  const wanted = Array.from({ length: cluster.spec.size }, (_, index) => `${name}-${index}`)
  const names = members.map(({ metadata }) => metadata?.name ?? '')
  for (const missing of wanted.filter((each) => !names.includes(each))) {
    const pod = memberPod(missing, { name, namespace, uid })
    const how = [undefined, undefined, manager, true, PatchStrategy.ServerSideApply] as const
    await objects.patch(pod, ...how)
  }
  for (const surplus of names.filter((each) => !wanted.includes(each))) {
    await objects.delete({ apiVersion: 'v1', kind: 'Pod', metadata: { name: surplus, namespace } })
  }
  if (cluster.status?.members === members.length) return
  const body = { status: { members: members.length } }
  await custom.patchNamespacedCustomObjectStatus(
    { group, version, namespace, plural: 'etcdclusters', name, body },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  )
}

const memberPod = (name: string, of: { name: string; namespace: string; uid: string }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: of.namespace,
    labels: { etcd_cluster: of.name },
    ownerReferences: [
      { apiVersion, kind: 'EtcdCluster', name: of.name, uid: of.uid, controller: true },
    ],
  },
  spec: { containers: [{ name: 'etcd', image: 'etcd' }], terminationGracePeriodSeconds: 0 },
})

/** Runs an action again after each request, never twice at once. */
function inTurn(work: () => Promise<void>) {
  let running = Promise.resolve()
  let isAsked = false
  const again = () => {
    if (isAsked) return
    isAsked = true
    running = running.then(async () => {
      isAsked = false
      await work().catch((error) => {
        // A conflict is handled again at the event of the conflicting change.
        const isOvertaken = error instanceof ApiException && [404, 409].includes(error.code)
        if (!isOvertaken) throw error
      })
    })
  }
  return { again, settled: () => running }
}
