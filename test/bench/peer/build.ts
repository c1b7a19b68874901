import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildGo } from '../../build-go.ts'
import { root } from '../../run-tests.ts'

const kubernetes = '1.33.13'
const etcd = '3.5.35'
export const peerNames = `kube-apiserver ${kubernetes} with etcd ${etcd}`

/** The programs' files. */
export type Peer = { kubeApiserver: string; etcd: string }

/** Builds what is missing with Go: a quarter of an hour on two cores. */
export async function buildPeer(): Promise<Peer> {
  const folder = join(root, '.reckon/peer')
  await mkdir(folder, { recursive: true })
  const peer = {
    kubeApiserver: join(folder, `kube-apiserver-${kubernetes}`),
    etcd: join(folder, `etcd-${etcd}`),
  }
  if (!existsSync(peer.etcd)) {
    const module = 'go.etcd.io/etcd/server/v3'
    await buildGo(join(folder, 'etcd'), { module, version: etcd, main: module, output: peer.etcd })
  }
  if (!existsSync(peer.kubeApiserver)) {
    await buildGo(join(folder, 'kube-apiserver'), {
      ...{ module: 'k8s.io/kubernetes', version: kubernetes, output: peer.kubeApiserver },
      main: 'k8s.io/kubernetes/cmd/kube-apiserver',
      linkerFlags: `-s -w -X k8s.io/component-base/version.gitVersion=v${kubernetes}`,
    })
  }
  return peer
}
