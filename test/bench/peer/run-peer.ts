import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { freePort } from '../../contract/free-port.ts'
import { connector } from '../api/connection.ts'
import type { ServerProcess } from '../api/server-processes.ts'
import type { Peer } from './build.ts'
import { makeCertificates } from './certificates.ts'

const readyMsMax = 120_000
const pollMs = 250

/** Starts etcd and kube-apiserver on loopback with an empty data directory, and removes both afterwards. */
export async function withPeer<T>(
  peer: Peer,
  use: (kubeconfig: string, server: readonly ServerProcess[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-peer-'))
  const children: ChildProcess[] = []
  const start = (name: string, command: string, args: readonly string[]): ServerProcess => {
    const log = openSync(join(folder, `${basename(command)}.log`), 'a')
    const child = spawn(command, args, { stdio: ['ignore', log, log], cwd: folder })
    children.push(child)
    return { name, pid: child.pid ?? 0 }
  }
  const endAll = () => children.map((child) => child.kill('SIGKILL'))
  process.once('exit', endAll)
  try {
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()]
    const certificates = await makeCertificates(folder)
    const etcd = start('etcd', peer.etcd, etcdOptions({ folder, etcdPort, peerPort }))
    const options = apiserverOptions({ certificates, etcdPort, port })
    const apiserver = start('kube-apiserver', peer.kubeApiserver, options)
    const kubeconfig = join(folder, 'kubeconfig')
    await writeFile(kubeconfig, await kubeconfigFor(certificates, port))
    await untilReady(kubeconfig, folder, children)
    return await use(kubeconfig, [apiserver, etcd])
  } finally {
    process.off('exit', endAll)
    const ended = children.map((child) => child.exitCode === null && once(child, 'exit'))
    endAll()
    await Promise.all(ended)
    await rm(folder, { recursive: true, force: true })
  }
}

type Certificates = Awaited<ReturnType<typeof makeCertificates>>

const etcdOptions = (of: { folder: string; etcdPort: number; peerPort: number }): string[] => [
  `--data-dir=${join(of.folder, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${of.etcdPort}`,
  `--advertise-client-urls=http://127.0.0.1:${of.etcdPort}`,
  `--listen-peer-urls=http://127.0.0.1:${of.peerPort}`,
  '--initial-cluster-state=new',
  `--initial-advertise-peer-urls=http://127.0.0.1:${of.peerPort}`,
  `--initial-cluster=default=http://127.0.0.1:${of.peerPort}`,
]

/** No controller creates default service accounts here, so pods are admitted without. */
const apiserverOptions = (of: {
  certificates: Certificates
  etcdPort: number
  port: number
}): string[] => [
  `--etcd-servers=http://127.0.0.1:${of.etcdPort}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${of.port}`,
  `--tls-cert-file=${of.certificates.server.certificate}`,
  `--tls-private-key-file=${of.certificates.server.key}`,
  `--client-ca-file=${of.certificates.authority.certificate}`,
  '--authorization-mode=RBAC',
  '--disable-admission-plugins=ServiceAccount',
  '--endpoint-reconciler-type=none',
  '--service-cluster-ip-range=10.96.0.0/16',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${of.certificates.authority.certificate}`,
  `--service-account-signing-key-file=${of.certificates.authority.key}`,
]

async function kubeconfigFor({ authority, admin }: Certificates, port: number): Promise<string> {
  const base64 = (file: string) => readFile(file, 'base64')
  const server = `https://127.0.0.1:${port}`
  const cluster = { server, 'certificate-authority-data': await base64(authority.certificate) }
  const user = {
    'client-certificate-data': await base64(admin.certificate),
    'client-key-data': await base64(admin.key),
  }
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'peer' },
    clusters: [{ name: 'peer', cluster }],
    users: [{ name: 'bench', user }],
    contexts: [{ name: 'peer', context: { cluster: 'peer', user: 'bench' } }],
  })
}

async function untilReady(
  kubeconfig: string,
  folder: string,
  children: readonly ChildProcess[],
): Promise<void> {
  const connect = await connector(kubeconfig)
  let last: unknown
  for (const endMs = performance.now() + readyMsMax; performance.now() < endMs; ) {
    const ended = children.find(({ exitCode }) => exitCode !== null)
    if (ended) {
      const log = await readFile(join(folder, `${basename(ended.spawnfile)}.log`), 'utf8')
      throw new Error(`${ended.spawnfile} ended: ${log.slice(-1000)}`)
    }
    const connection = connect()
    try {
      await connection.ask({ method: 'GET', path: '/readyz' })
      return
    } catch (error) {
      last = error
    } finally {
      await connection.close()
    }
    await after(pollMs)
  }
  throw new Error('kube-apiserver does not become ready', { cause: last })
}
