import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { openCluster } from './cluster.ts'
import { openNfsServer, withoutNfs } from './nfs-server.ts'

const podWith = (name: string, server: string, command: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  volumes: [{ name: notes, nfs: { server: ${server}, path: /shared } }]
  containers:
  - { name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sh, -c, "${command}"], volumeMounts: [{ name: notes, mountPath: /notes }] }
`

test('what one pod writes into a volume by NFS another one reads, and the server has it', {
  skip: withoutNfs,
}, async () => {
  const cluster = await openCluster('nfs')
  try {
    await cluster.up()
    const nfs = await openNfsServer(join(cluster.dataDir, 'nfs'))
    try {
      const [node] = (await cluster.json<{ items: Node[] }>('get', 'nodes')).items
      const internal = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')
      const address = internal?.address ?? ''
      const done = ['--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']
      await cluster.apply(podWith('writer', address, 'echo tea > /notes/list'))
      await cluster.kubectl('wait', 'pod/writer', ...done)
      await cluster.apply(podWith('reader', address, 'cat /notes/list'))
      await cluster.kubectl('wait', 'pod/reader', ...done)
      assert.equal(await cluster.kubectl('logs', 'reader'), 'tea\n')
      assert.equal(await readFile(join(nfs.shared, 'list'), 'utf8'), 'tea\n')
      await cluster.kubectl('delete', 'pod', 'writer', 'reader')
    } finally {
      await nfs.close()
    }
  } finally {
    await cluster.reset()
  }
})
