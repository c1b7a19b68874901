import { setTimeout as after } from 'node:timers/promises'
import { isReady, type Node } from '@reckon/kubernetes'
import {
  type ClusterFile,
  findProcess,
  formOf,
  healthOf,
  isEnvoyServing,
  type Layout,
  type ProcessReporter,
  type ProcessSpec,
} from '@reckon/supervisor'
import { openApi } from '../asking/api-client.ts'

/** How often processes are asked whether they are ready: there is nobody yet who could tell us. */
const pollMs = 50
/** After this long without, and then each time again, it is said who is waited for. */
const patienceMs = 15_000

type NodeList = { items: Node[] }

type Waiting = { report: ProcessReporter; signal: AbortSignal }

/** Resolves to true once every process of ours is ready and every node is Ready; to false when the signal aborts first. */
export const clusterReady = (
  layout: Layout,
  cluster: ClusterFile,
  specs: readonly ProcessSpec[],
  waiting: Waiting,
): Promise<boolean> =>
  untilNothingIsMissing(layout, waiting, async () => {
    const missing = await missingProcesses(layout, specs)
    if (missing.length > 0) return missing
    const count = cluster.nodes - (await readyNodes(layout))
    return count > 0 ? [`${count} of ${cluster.nodes} nodes`] : []
  })

/** The same of processes alone: on a machine whose cluster is elsewhere. */
export const processesReady = (
  layout: Layout,
  specs: readonly ProcessSpec[],
  waiting: Waiting,
): Promise<boolean> => untilNothingIsMissing(layout, waiting, () => missingProcesses(layout, specs))

async function untilNothingIsMissing(
  layout: Layout,
  { report, signal }: Waiting,
  look: () => Promise<string[]>,
): Promise<boolean> {
  for (let reportedAtMs = performance.now(); !signal.aborted; await after(pollMs)) {
    const missing = await look()
    if (missing.length === 0) return true
    if (performance.now() - reportedAtMs < patienceMs) continue
    reportedAtMs = performance.now()
    report('reckon', `still waiting for ${missing.join(', ')}; logs: ${layout.logFile('*')}`)
  }
  return false
}

async function missingProcesses(layout: Layout, specs: readonly ProcessSpec[]): Promise<string[]> {
  const healths = await Promise.all(
    specs.map(async (spec) => ({ name: spec.name, isReady: await runsAsWanted(layout, spec) })),
  )
  return healths.filter(({ isReady }) => !isReady).map(({ name }) => name)
}

/**
 * One that an earlier supervisor started as something else is still to be started anew; unless others take over from it
 * while it runs: it serves until then, and for as long as what is wanted is refused.
 */
async function runsAsWanted(layout: Layout, spec: ProcessSpec): Promise<boolean> {
  if (spec.handsOver) return isEnvoyServing(spec.handsOver.adminSocket)
  const running = await findProcess(layout, spec.name)
  if (running !== undefined && running.form !== (await formOf(spec))) return false
  return !spec.healthSocket || (await healthOf(spec.healthSocket))?.ready === true
}

async function readyNodes(layout: Layout): Promise<number> {
  const api = await openApi(layout.kubeconfig)
  const answer = await api.ask('GET', '/api/v1/nodes?resourceVersion=0').catch(() => undefined)
  if (answer?.code !== 200) return 0
  const { items } = JSON.parse(answer.body) as NodeList
  return items.filter(({ status }) => isReady(status)).length
}
