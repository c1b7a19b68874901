import { readFile } from 'node:fs/promises'
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
import { lastWords } from './last-words.ts'

/** How often processes are asked whether they are ready. */
const pollMs = 50
/** The interval of reports of what is still missing. */
const reportEveryMs = 15_000
/** A process that was started this often is failing, rather than slow. */
const startsOfFailing = 3
/** A process without health checks that has ended before counts as running after this long. */
const lastingMs = 1_000
/** How many lines of a log are shown: of a failing process, and of one that runs and is not ready. */
const shownLines = { failing: 6, waiting: 1 }

type NodeList = { items: Node[] }

type Waiting = { report: ProcessReporter; signal: AbortSignal }

/**
 * Resolves to true once every process is ready, every node is Ready and pods find the API; to false when the signal
 * aborts first.
 */
export const clusterReady = (
  layout: Layout,
  cluster: ClusterFile,
  specs: readonly ProcessSpec[],
  waiting: Waiting,
): Promise<boolean> =>
  untilNothingIsMissing(layout, specs, waiting, async () => {
    const count = cluster.nodes - (await readyNodes(layout))
    if (count > 0) return [`${count} of ${cluster.nodes} nodes`]
    return (await hasOwnService(layout)) ? [] : ['the Service by which pods find the API']
  })

/** The same for processes alone, on a machine whose cluster is elsewhere. */
export const processesReady = (
  layout: Layout,
  specs: readonly ProcessSpec[],
  waiting: Waiting,
): Promise<boolean> => untilNothingIsMissing(layout, specs, waiting, async () => [])

/** `lookFurther` returns what is missing once all processes are ready. */
async function untilNothingIsMissing(
  layout: Layout,
  specs: readonly ProcessSpec[],
  { report, signal }: Waiting,
  lookFurther: () => Promise<string[]>,
): Promise<boolean> {
  const starts = new Starts()
  for (let reportedAtMs = performance.now(); !signal.aborted; await after(pollMs)) {
    const processes = await missingProcesses(layout, specs, starts)
    const missing = processes.length > 0 ? processes : await lookFurther()
    if (missing.length === 0) return true
    const isLong = performance.now() - reportedAtMs >= reportEveryMs
    if (isLong) {
      reportedAtMs = performance.now()
      report('reckon', `still waiting for ${missing.join(', ')}; logs: ${layout.logFile('*')}`)
    }
    for (const name of isLong ? processes : starts.takeFailing()) {
      for (const line of await told(layout, name, starts.of(name))) report('reckon', line)
    }
  }
  return false
}

/** Describes a process that is waited for: its last lines, and whether it ends again and again. */
async function told(layout: Layout, name: string, starts: number): Promise<string[]> {
  const isFailing = starts >= startsOfFailing
  const words = await lastWords(layout, name, shownLines[isFailing ? 'failing' : 'waiting'])
  if (!isFailing) return words.map((line) => `${name}: ${line}`)
  const head = `${name} has been started ${starts} times, and ends each time; its log ends with:`
  return [head, ...words.map((line) => `  ${line}`)]
}

/** Counts the starts of each process by its pid files: a process may have ended before anybody looks. */
class Starts {
  /** The content of each pid file, and when it was seen first. */
  readonly #seen = new Map<string, Map<string, number>>()
  readonly #told = new Set<string>()

  async look(layout: Layout, name: string): Promise<void> {
    const noted = await readFile(layout.pidFile(name), 'utf8').catch(() => '')
    const seen = this.#seen.get(name) ?? new Map<string, number>()
    if (noted === '' || seen.has(noted)) return
    this.#seen.set(name, seen.set(noted, performance.now()))
  }

  /** Whether it runs for the first time, or has run for a while. */
  lasts(name: string): boolean {
    const atMs = [...(this.#seen.get(name)?.values() ?? [])]
    return atMs.length < 2 || performance.now() - Math.max(...atMs) > lastingMs
  }

  of(name: string): number {
    return this.#seen.get(name)?.size ?? 0
  }

  /** The names of failing processes, each once. */
  takeFailing(): string[] {
    const failing = [...this.#seen.keys()].filter(
      (name) => this.of(name) >= startsOfFailing && !this.#told.has(name),
    )
    for (const name of failing) this.#told.add(name)
    return failing
  }
}

async function missingProcesses(
  layout: Layout,
  specs: readonly ProcessSpec[],
  starts: Starts,
): Promise<string[]> {
  const healths = await Promise.all(
    specs.map(async (spec) => {
      await starts.look(layout, spec.name)
      const isReady =
        (await runsAsWanted(layout, spec)) && (spec.healthSocket || starts.lasts(spec.name))
      return { name: spec.name, isReady }
    }),
  )
  return healths.filter(({ isReady }) => !isReady).map(({ name }) => name)
}

/**
 * A process that an earlier supervisor started differently has yet to be restarted, unless others can take over from it
 * while it runs: it serves until then, and as long as the new configuration is refused. A running third-party program
 * counts as ready.
 */
async function runsAsWanted(layout: Layout, spec: ProcessSpec): Promise<boolean> {
  const { handsOver, healthSocket } = spec
  if (handsOver) return isEnvoyServing(handsOver.adminSocket)
  const running = await findProcess(layout, spec.name)
  if (running !== undefined && running.form !== (await formOf(spec))) return false
  if (healthSocket) return (await healthOf(healthSocket))?.ready === true
  return running !== undefined
}

async function readyNodes(layout: Layout): Promise<number> {
  const text = await answered(layout, '/api/v1/nodes?resourceVersion=0')
  const { items }: NodeList = text === undefined ? { items: [] } : JSON.parse(text)
  return items.filter(({ status }) => isReady(status)).length
}

/** Whether the API's own Service exists: a pod that starts earlier would not be told the API's address. */
const hasOwnService = async (layout: Layout): Promise<boolean> =>
  (await answered(layout, '/api/v1/namespaces/default/services/kubernetes')) !== undefined

/** The API's answer, if any. */
async function answered(layout: Layout, path: string): Promise<string | undefined> {
  const api = await openApi(layout.kubeconfig)
  const answer = await api.ask('GET', path).catch(() => undefined)
  return answer?.code === 200 ? answer.body : undefined
}
