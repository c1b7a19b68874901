import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runScript } from './run-script.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'

/** A tour of kubectl, and what the tutorials that people begin with print. */
const folders = ['tour', 'seeds']
/** At its full length by each version. */
const versions = process.env.RECKON_TEST_LONG ? ['1.27', '1.30', '1.33'] : ['1.33']
/** Empties a node, which others' pods are on. */
const alone = 'tour/commands.txt'
const only = process.env.RECKON_TEST_SCRIPTS ?? ''

let started: Awaited<ReturnType<typeof startSimulatedCluster>>
before(async () => {
  started = await startSimulatedCluster()
})
after(() => started?.stop())

async function scriptsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(import.meta.dirname, folder))
  return names.map((name) => `${folder}/${name}`).sort()
}

test('kubectls of three versions take the same tour, and see the same', async (t) => {
  const all = (await Promise.all(folders.map(scriptsIn))).flat()
  const scripts = all.filter((script) => script.includes(only))
  for (const { version, shell } of await started.shells(...versions)) {
    const run = (script: string) =>
      t.test(`${script}, kubectl ${version}`, () =>
        runScript(join(import.meta.dirname, script), shell),
      )
    await Promise.all(scripts.filter((script) => script !== alone).map(run))
    if (scripts.includes(alone)) await run(alone)
  }
})
