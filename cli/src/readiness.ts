import { setTimeout as after } from 'node:timers/promises'
import { type ClusterFile, healthOf, type Layout, type ProcessSpec } from '@reckon/supervisor'
import { openApi } from './api-client.ts'

/** How often processes are asked whether they are ready: there is nobody yet who could tell us. */
const pollMs = 50

type NodeList = { items: { status?: { conditions?: { type: string; status: string }[] } }[] }

/** Resolves to true once every process of ours is ready and every node is Ready; to false when the signal aborts first. */
export async function clusterReady(
  layout: Layout,
  cluster: ClusterFile,
  specs: readonly ProcessSpec[],
  signal: AbortSignal,
): Promise<boolean> {
  const sockets = specs.flatMap(({ healthSocket }) => healthSocket ?? [])
  while (!signal.aborted) {
    const healths = await Promise.all(sockets.map(healthOf))
    const isUp = healths.every((health) => health?.ready === true)
    if (isUp && (await readyNodes(layout)) >= cluster.nodes) return true
    await after(pollMs)
  }
  return false
}

async function readyNodes(layout: Layout): Promise<number> {
  const api = await openApi(layout.kubeconfig)
  const answer = await api.ask('GET', '/api/v1/nodes?resourceVersion=0').catch(() => undefined)
  if (answer?.code !== 200) return 0
  const { items } = JSON.parse(answer.body) as NodeList
  return items.filter(({ status }) =>
    status?.conditions?.some(
      (condition) => condition.type === 'Ready' && condition.status === 'True',
    ),
  ).length
}
