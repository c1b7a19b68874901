import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Command } from 'commander'
import { layoutFor } from '../data-dir.ts'
import { withCluster } from './which-cluster.ts'

/** The kubeconfig that a command uses when it is called so. */
async function kubeconfigOf(...args: readonly string[]): Promise<unknown> {
  let used: unknown
  const command = withCluster(new Command('replay'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .action(({ kubeconfig }: { kubeconfig?: string }) => {
      used = kubeconfig
    })
  await command.parseAsync(args, { from: 'user' })
  return used
}

test('the cluster that "up --data-dir" keeps in a folder is asked by naming the folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'which-cluster-'))
  t.after(() => rm(folder, { recursive: true }))
  const layout = layoutFor(folder)
  await assert.rejects(kubeconfigOf('--data-dir', folder), /there is no cluster in /)
  await writeFile(layout.clusterFile, '{}')
  assert.equal(await kubeconfigOf('--data-dir', folder), layout.kubeconfig)
})

test('without it, the given kubeconfig counts; two answers to one question are refused', async () => {
  assert.equal(await kubeconfigOf(), undefined)
  assert.equal(await kubeconfigOf('--kubeconfig', '/k'), '/k')
  const both = kubeconfigOf('--kubeconfig', '/k', '--data-dir', '/d')
  await assert.rejects(both, /'--data-dir <folder>' cannot be used with option '--kubeconfig/)
})
