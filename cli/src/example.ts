import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ClusterFile, Layout, ProcessReporter } from '@reckon/supervisor'
import { parseAllDocuments } from 'yaml'
import { type ApiClient, ApiRefusal, expectJson, openApi } from './api-client.ts'

const folder = dirname(
  fileURLToPath(import.meta.resolve('@reckon/examples/docker2istio/redis.yaml')),
)
const answerTimeoutMs = 1000

type Manifest = { apiVersion: string; kind: string; metadata: { name: string } }
type ResourceList = { resources: { name: string; kind: string }[] }

/** The name under which the example's page is reached through the ingress. */
export const exampleHost = 'docker2istio.localhost'

/** Posts the example's manifests, what is there already stays, and waits until its page answers through the ingress. */
export async function postExample(
  layout: Layout,
  cluster: ClusterFile,
  report: ProcessReporter,
  signal: AbortSignal,
): Promise<void> {
  const api = await openApi(layout.kubeconfig)
  for (const manifest of await manifestsIn(folder)) {
    const path = await pathOf(api, manifest)
    const answer = await api.ask('POST', path, manifest)
    const isThere = answer.code === 409
    if (!isThere) expectJson(answer)
    const name = `${manifest.kind.toLowerCase()}/${manifest.metadata.name}`
    report('example', `${name} ${isThere ? 'is there already' : 'created'}`)
  }
  if (cluster.runtime !== 'docker') return
  report('example', 'waiting until its page answers through the ingress')
  const url = `http://127.0.0.1:${cluster.ports.ingressHttp}/`
  while (!signal.aborted && !(await answers(url))) await after(100)
}

/** Where objects of this kind are posted: discovery knows the plural. */
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
