import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../run-tests.ts'

const run = promisify(execFile)

const kubernetes = '1.33.13'
const etcd = '3.5.35'
export const peerNames = `kube-apiserver ${kubernetes} with etcd ${etcd}`

/** The programs' files. */
export type Peer = { kubeApiserver: string; etcd: string }

/** Builds what is not there yet, by Go: a quarter of an hour on two cores. */
export async function buildPeer(): Promise<Peer> {
  const folder = join(root, '.reckon/peer')
  await mkdir(folder, { recursive: true })
  const peer = {
    kubeApiserver: join(folder, `kube-apiserver-${kubernetes}`),
    etcd: join(folder, `etcd-${etcd}`),
  }
  if (!existsSync(peer.etcd)) {
    const module = 'go.etcd.io/etcd/server/v3'
    await build(join(folder, 'etcd'), { module, version: etcd, main: module, output: peer.etcd })
  }
  if (!existsSync(peer.kubeApiserver)) {
    await build(join(folder, 'kube-apiserver'), {
      ...{ module: 'k8s.io/kubernetes', version: kubernetes, output: peer.kubeApiserver },
      main: 'k8s.io/kubernetes/cmd/kube-apiserver',
      linkerFlags: `-s -w -X k8s.io/component-base/version.gitVersion=v${kubernetes}`,
    })
  }
  return peer
}

type Build = {
  module: string
  version: string
  main: string
  output: string
  linkerFlags?: string
}

async function build(folder: string, { module, version, ...of }: Build): Promise<void> {
  await mkdir(folder, { recursive: true })
  const go = (...args: string[]) =>
    run('go', args, {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -trimpath -buildvcs=false' },
    })
  const write = (...lines: string[]) =>
    writeFile(join(folder, 'go.mod'), ['module peer', 'go 1.24.0', ...lines, ''].join('\n'))
  await write()
  const { stdout } = await go('mod', 'download', '-json', `${module}@v${version}`)
  const { GoMod: file } = JSON.parse(stdout) as { GoMod: string }
  await write(`require ${module} v${version}`, ...staged(await readFile(file, 'utf8'), version))
  await go('build', '-ldflags', of.linkerFlags ?? '', '-o', of.output, of.main)
}

/** What Kubernetes keeps in its own repository is published as modules with 0 in place of 1. */
const staged = (goMod: string, version: string): string[] =>
  [...goMod.matchAll(/^\s*(\S+) => \.\/staging\//gm)].map(
    ([, name]) => `replace ${name} => ${name} v${version.replace(/^1/, '0')}`,
  )
