import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folder = import.meta.dirname
const account = ['get', 'secret', 'prometheus', '--namespace', 'monitoring']
const tokenMsMax = 10_000
const pollMs = 100

export type MonitoringOptions = {
  /** Where the cluster is. */
  dataDir: string
  /** Where the configuration, the token and what Prometheus has scraped are kept. */
  workDir: string
  ports: { metrics: number; prometheus: number }
  /** The folder of the rule files, if not ours. */
  rules?: string
  /** How often everything is scraped and each rule is looked at, such as `15s`. */
  interval: string
  env: NodeJS.ProcessEnv
}

/** What runs, and how Prometheus is told which nodes there are by now. */
export type Monitoring = { children: ChildProcess[]; tellNodes(): Promise<void> }

type Kubectl = (...args: string[]) => Promise<string>

/** Debian's Prometheus is built without Kubernetes' discovery: it reads the nodes from a file. */
const discovery = /kubernetes_sd_configs: &nodes\n(?: {6}.*\n)+/
const nodesFile =
  'file_sd_configs: &nodes\n      - files: [nodes.json]\n        refresh_interval: 15s\n'

/**
 * Starts Debian's Prometheus over a cluster of this machine: gives it an account, a configuration with this cluster's
 * addresses, and the proxy to the metrics of its processes.
 */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { dataDir, workDir, ports } = options
  const env = { ...options.env, KUBECONFIG: join(dataDir, 'kubeconfig') }
  const kubectl: Kubectl = async (...args) => (await run('kubectl', args, { env })).stdout
  await kubectl('apply', '--filename', join(folder, 'access.yaml'))
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  const write = (name: string, text: string | Buffer) =>
    writeFile(join(workDir, name), text, { mode: 0o600 })
  await write('token', await tokenOf(kubectl))
  const ofCluster = async (field: string) =>
    kubectl('config', 'view', '--raw', '--output', `jsonpath={.clusters[0].cluster.${field}}`)
  await write('ca.crt', Buffer.from(await ofCluster('certificate-authority-data'), 'base64'))
  const server = new URL(await ofCluster('server')).host
  const configuration = await readFile(join(folder, 'prometheus.yml'), 'utf8')
  const addressed = configuration
    .replaceAll('127.0.0.1:6443', server)
    .replaceAll('127.0.0.1:9190', `127.0.0.1:${ports.metrics}`)
    .replace(discovery, nodesFile)
    .replaceAll('kubernetes_sd_configs: *nodes', 'file_sd_configs: *nodes')
    .replaceAll('_interval: 15s', `_interval: ${options.interval}`)
  await write('prometheus.yml', addressed)
  const tellNodes = async () => write('nodes.json', await targetsOfNodes(kubectl))
  await tellNodes()
  await cp(options.rules ?? join(folder, 'rules'), join(workDir, 'rules'), { recursive: true })
  const metrics = ['metrics', '--data-dir', dataDir, '--port', String(ports.metrics)]
  const prometheus = [
    `--config.file=${join(workDir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(workDir, 'data')}`,
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ]
  const stdio = ['ignore', 'inherit', 'inherit'] as const
  const children = [
    spawn('reckon', metrics, { env, stdio: [...stdio] }),
    spawn('prometheus', prometheus, { env, stdio: [...stdio] }),
  ]
  return { children, tellNodes }
}

/** The nodes as Prometheus reads them from a file, named as its discovery names them. */
async function targetsOfNodes(kubectl: Kubectl): Promise<string> {
  const names = await kubectl('get', 'nodes', '--output', 'jsonpath={.items[*].metadata.name}')
  const each = names.split(' ').filter((name) => name !== '')
  const targets = each.map((name) => ({
    targets: [name],
    labels: { __meta_kubernetes_node_name: name },
  }))
  return JSON.stringify(targets)
}

/** The account's token, once there is one. */
async function tokenOf(kubectl: Kubectl): Promise<Buffer> {
  for (const endMs = performance.now() + tokenMsMax; performance.now() < endMs; ) {
    const text = await kubectl(...account, '--output', 'jsonpath={.data.token}')
    if (text !== '') return Buffer.from(text, 'base64')
    await after(pollMs)
  }
  throw new Error('the account "prometheus" has no token after ten seconds')
}
