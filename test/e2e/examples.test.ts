import assert from 'node:assert/strict'
import { mkdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { findKubectls } from '@reckon/bootstrap'
import { root } from '../run-tests.ts'
import { openCluster, type TestCluster } from './cluster.ts'
import { followReadme } from './follow-readme.ts'

let cluster: TestCluster
let env: NodeJS.ProcessEnv
before(async () => {
  cluster = await openCluster('examples')
  await cluster.up()
  const [newest] = await findKubectls()
  assert.ok(newest)
  const folder = join(cluster.dataDir, 'bin')
  await mkdir(folder)
  await symlink(newest.path, join(folder, 'kubectl'))
  const path = [folder, join(root, 'node_modules/.bin'), process.env.PATH]
  env = { ...cluster.env, PATH: path.join(delimiter) }
})
after(() => cluster?.reset())

for (const example of ['lifecycle', 'why-k8s', 'principles']) {
  test(`the README of ${example}, command by command, prints what it tells`, () =>
    followReadme(`examples/${example}/README.md`, env))
}
