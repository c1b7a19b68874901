import assert from 'node:assert/strict'
import { Objects } from '@reckon/domain'
import { openEventStore } from '@reckon/eventing/eventstore'
import { apiVersionOf, isOf, type KubernetesObject, nodes, resources } from '@reckon/kubernetes'
import { eventStoreUrl, layoutOf, readClusterFile } from '@reckon/supervisor'
import type { openApi } from './ask-api.ts'

/**
 * Folds the whole log again and compares every object with the api's view. The cluster must be at rest. Left out:
 * reviews, which are queries; usage, which nodes report; and most Events, which are computed from the log on request.
 */
export async function assertEqualsFreshFold(
  dataDir: string,
  api: ReturnType<typeof openApi>,
): Promise<void> {
  const fresh = await foldLog(dataDir)
  for (const resource of resources) {
    if (resource.isReview || resource.isUsage || resource.plural === 'events') continue
    const apiVersion = apiVersionOf(resource)
    const root = resource.group === '' ? '/api' : '/apis'
    const path = `${root}/${apiVersion}/${resource.plural}?resourceVersion=0`
    const { code, body } = await api.ask('GET', path)
    assert.equal(code, 200, body)
    const { items } = JSON.parse(body) as { items: KubernetesObject[] }
    const folded = fresh.list(resource).map(({ object }) => object)
    // The items of a list do not repeat their kind.
    const listed = items.map((item) => ({ ...item, apiVersion, kind: resource.kind }))
    assert.deepEqual(
      listed.map(asRecorded),
      folded.map(asRecorded),
      `${resource.plural} as of ${fresh.position}`,
    )
  }
}

/** The time of a node's last heartbeat is known to the api that answers, and not recorded. */
const asRecorded = (object: KubernetesObject) =>
  isOf(nodes, object)
    ? {
        ...object,
        status: {
          ...object.status,
          conditions: object.status?.conditions?.map((one) => ({ ...one, lastHeartbeatTime: '' })),
        },
      }
    : object

async function foldLog(dataDir: string): Promise<Objects> {
  const layout = layoutOf(dataDir)
  const cluster = await readClusterFile(layout)
  assert.ok(cluster)
  const log = await openEventStore(eventStoreUrl(layout, cluster), { name: 'fresh-fold' })
  const objects = new Objects()
  for await (const event of log.readAll()) objects.apply(event)
  await log.close()
  return objects
}
