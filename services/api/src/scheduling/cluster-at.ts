import { nodes, pods } from '@reckon/kubernetes'
import { ClusterState, fedResources, feed } from '@reckon/scheduling'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { momentNamed } from '../history/moment-named.ts'
import type { Moments } from '../past/moments.ts'
import type { Past } from '../past/past.ts'
import { yieldEvery } from '../past/yield-every.ts'
import type { ApiPorts } from '../ports.ts'
import { queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import type { ClusterAt, PresentCluster } from './present-cluster.ts'

export type MomentPorts = {
  ports: ApiPorts
  past: Past
  moments: Moments
  present: PresentCluster
}

/** How many objects are added at a time. */
const objectsOfTurn = 200

/**
 * Uses the nodes and the requests of pods at the moment in the parameter `at`, or now. The caller must leave the state
 * as it was.
 */
export async function withClusterAt<T>(
  context: MomentPorts,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  act: (at: ClusterAt) => T | Promise<T>,
): Promise<T> {
  const { ports, moments, present } = context
  const { at } = queryOf(request)
  const signal = untilGone(reply)
  const named = at
    ? await momentNamed({ ports, moments }, { name: 'at', text: at }, signal)
    : undefined
  await waitForVersion(ports, { resourceVersion: named?.position.toString() })
  if (named === undefined) return present.use(signal, act)
  const { position } = named
  return act({ position, cluster: await clusterThen(context, position, signal) })
}

async function clusterThen(
  { ports: { clock }, past }: MomentPorts,
  position: bigint,
  signal: AbortSignal,
): Promise<ClusterState> {
  const cluster = new ClusterState()
  const turn = yieldEvery({ clock, signal, items: objectsOfTurn })
  for (const resource of fedResources) {
    for await (const stored of past.at(position).scan(resource, {}, signal)) {
      feed(cluster, { type: 'ADDED', resource, stored })
      await turn()
    }
  }
  return cluster
}

/** The kinds from which capacity and requests are known. */
export const placedKinds = [nodes, pods]
