import { nodes, pods } from '@reckon/kubernetes'
import { ClusterState, clusterStateIn, fedResources, feed } from '@reckon/scheduling'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Moments } from '../past/moments.ts'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import { queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { momentNamed } from './moment-named.ts'

export type MomentPorts = { ports: ApiPorts; past: Past; moments: Moments }

/** What placements depend on at a moment, the caller's alone. */
export type ClusterAt = { position: bigint; cluster: ClusterState }

/** Nodes and what pods ask for, at the moment that a request names by `at=`; now without. */
export async function clusterAt(
  { ports, past, moments }: MomentPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ClusterAt> {
  const { at } = queryOf(request)
  const signal = untilGone(reply)
  const named = at ? await momentNamed({ ports, moments }, at, signal) : undefined
  await waitForVersion(ports, { resourceVersion: named?.position.toString() })
  if (named === undefined) {
    return { position: ports.objects.position ?? 0n, cluster: clusterStateIn(ports.objects) }
  }
  const cluster = await clusterThen(past, named.position, signal)
  return { position: named.position, cluster }
}

async function clusterThen(
  past: Past,
  position: bigint,
  signal: AbortSignal,
): Promise<ClusterState> {
  const cluster = new ClusterState()
  for (const resource of fedResources) {
    for await (const stored of past.at(position).scan(resource, {}, signal)) {
      feed(cluster, { type: 'ADDED', resource, stored })
    }
  }
  return cluster
}

/** The kinds that tell what nodes have and what is asked of them. */
export const placedKinds = [nodes, pods]
