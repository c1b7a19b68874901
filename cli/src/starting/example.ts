import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isReady, type Pod } from '@reckon/kubernetes'
import { type ClusterFile, isFree, type Layout, type ProcessReporter } from '@reckon/supervisor'
import { parseAllDocuments } from 'yaml'
import { type ApiClient, ApiRefusal, expectJson, openApi } from '../asking/api-client.ts'

const folder = dirname(
  fileURLToPath(import.meta.resolve('@reckon/examples/guestbook/3-frontend.yaml')),
)
/** The front ends answer this from the replicas of redis: an answer has passed through all parts. */
const entries = 'guestbook.php?cmd=get&key=messages'
const podsPath = `/api/v1/namespaces/default/pods?resourceVersion=0&labelSelector=${encodeURIComponent('name in (redis-master,redis-slave,frontend)')}`
const answerTimeoutMs = 1000
const pollMs = 100
/** Where the images cannot be built here, the engine pulls them from elsewhere. */
const imagesMsMax = 120_000

type Manifest = { apiVersion: string; kind: string; metadata: { name: string } }
type ResourceList = { resources: { name: string; kind: string }[] }

/** The host of the example's page at the ingress, and its port on every node. */
export const exampleHost = 'guestbook.localhost'
export const exampleNodePort = 30001

/** The cluster that the example is applied to; whether this machine serves images that it builds, and has an edge. */
type Target = { layout: Layout; cluster: ClusterFile; servesImages: boolean; hasEdge: boolean }

/** Creates the example's objects, except those that exist, and waits until its page answers at its addresses. */
export async function postExample(
  { layout, cluster, servesImages, hasEdge }: Target,
  report: ProcessReporter,
  signal: AbortSignal,
): Promise<void> {
  const api = await openApi(layout.kubeconfig)
  const isReal = cluster.runtime === 'docker'
  if (isReal && !(await isFree(exampleNodePort))) {
    const taken = `another program listens on port ${exampleNodePort}, too`
    const away = '"kubectl delete -f examples/guestbook" gives it back'
    report('example', `${taken}: while the example is there, its page answers there; ${away}`)
  }
  if (isReal && servesImages) await imagesServed(cluster, report, signal)
  for (const manifest of await manifestsIn(folder)) {
    if (signal.aborted) return
    const path = await pathOf(api, manifest)
    const answer = await api.ask('POST', path, manifest)
    const isThere = answer.code === 409
    if (!isThere) expectJson(answer)
    const name = `${manifest.kind.toLowerCase()}/${manifest.metadata.name}`
    report('example', `${name} ${isThere ? 'is there already' : 'created'}`)
  }
  const ports = [exampleNodePort, ...(hasEdge ? [cluster.ports.ingressHttp] : [])]
  if (isReal) await pageAnswers(api, ports, { report, signal })
}

/** Without its image a pod would be retried at ever longer intervals. */
async function imagesServed(
  { ports }: ClusterFile,
  report: ProcessReporter,
  signal: AbortSignal,
): Promise<void> {
  const endMs = performance.now() + imagesMsMax
  const url = `http://127.0.0.1:${ports.registry}/v2/`
  for (let isReported = false; !(await answers(url)); isReported = true) {
    if (signal.aborted || performance.now() > endMs) return
    if (!isReported) report('example', 'waiting until its images are built')
    await after(pollMs)
  }
}

async function pageAnswers(
  api: ApiClient,
  ports: readonly number[],
  { report, signal }: { report: ProcessReporter; signal: AbortSignal },
): Promise<void> {
  let reported: string | undefined
  while (!signal.aborted) {
    const progress = await progressOf(api)
    if (progress !== reported) report('example', progress)
    reported = progress
    const answered = await Promise.all(
      ports.map((port) => answers(`http://127.0.0.1:${port}/${entries}`)),
    )
    if (answered.every(Boolean)) return report('example', 'its page answers')
    await after(pollMs)
  }
}

/** The number of ready pods, and what the others wait for. */
async function progressOf(api: ApiClient): Promise<string> {
  const waiting = 'waiting until its page answers'
  const answer = await api.ask('GET', podsPath).catch(() => undefined)
  if (answer?.code !== 200) return waiting
  const { items } = expectJson<{ items: Pod[] }>(answer)
  const ready = items.filter(({ status }) => isReady(status))
  const reasons = items
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ state }) => state?.waiting?.reason ?? [])
  const each = [...new Set(reasons)].sort().map((reason) => `, ${reason}`)
  return `${waiting}: ${ready.length} of ${items.length} pods are ready${each.join('')}`
}

/** The path of objects of this kind; discovery knows the plural. */
async function pathOf(api: ApiClient, { apiVersion, kind }: Manifest): Promise<string> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const { resources } = expectJson<ResourceList>(await api.ask('GET', root))
  const resource = resources.find((one) => one.kind === kind && !one.name.includes('/'))
  if (!resource) throw new ApiRefusal(`the API does not serve ${kind} of ${apiVersion}`)
  return `${root}/namespaces/default/${resource.name}`
}

async function manifestsIn(path: string): Promise<Manifest[]> {
  const files = (await readdir(path)).filter((file) => file.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')))
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()))
}

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(url, { headers: { host: exampleHost }, timeout: answerTimeoutMs })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.end()
  })
