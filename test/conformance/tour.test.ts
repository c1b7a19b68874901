import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runScript } from './run-script.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'

const folder = join(import.meta.dirname, 'tour')
const only = process.env.RECKON_TEST_SCRIPTS ?? ''

let started: Awaited<ReturnType<typeof startSimulatedCluster>>
before(async () => {
  started = await startSimulatedCluster()
})
after(() => started?.stop())

test('kubectls of three versions take the same tour, and see the same', async (t) => {
  const scripts = (await readdir(folder)).filter((script) => script.includes(only)).sort()
  for (const { version, shell } of await started.shells('1.27', '1.30', '1.33')) {
    for (const script of scripts) {
      await t.test(`${script}, kubectl ${version}`, () => runScript(join(folder, script), shell))
    }
  }
})
