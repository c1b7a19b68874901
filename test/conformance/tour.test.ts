import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hourOfWork } from './hour-of-work.ts'
import { assertMoment, type RecordedMoment, recordMoment } from './recorded-moment.ts'
import { printedBy, runScript } from './run-script.ts'
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

/** Each shell looks at every moment at full length; in the short form they take turns. */
const isLong = process.env.RECKON_TEST_LONG !== undefined

test('an hour of work is told later as it was told then, byte for byte', {
  skip: only !== '',
}, async () => {
  const shells = (await started.shells('1.27', '1.33')).map(({ shell }) => shell)
  const [shell] = shells
  assert.ok(shell)
  const recorded: RecordedMoment[] = []
  for (const { command, isShort } of hourOfWork) {
    if (!isLong && !isShort) continue
    assert.match(await printedBy(`set -e\n${command}\necho done`, shell), /done\n$/)
    recorded.push(await recordMoment(shell))
  }
  assert.ok(new Set(recorded.map(({ table }) => table)).size > recorded.length / 2)
  const server = /server: (\S+)/.exec(await readFile(started.kubeconfig, 'utf8'))?.[1] ?? ''
  for (const [index, moment] of recorded.entries()) {
    const one = shells[index % shells.length]
    const looking = isLong || !one ? shells : [one]
    for (const each of looking) await assertMoment(moment, server, each)
  }
})
