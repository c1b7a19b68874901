import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openCluster, type TestCluster } from './cluster.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a new user has: kubectl, npm, and the top of the repository; nothing says where the cluster is. */
async function newUser({ dataDir, kubectlPath }: TestCluster) {
  const home = `${dataDir}-home`
  await mkdir(home)
  await symlink(kubectlPath, join(home, 'kubectl'))
  const { KUBECONFIG: _, RECKON_CLUSTER_DIR: __, PATH, ...env } = process.env
  const given = { ...env, HOME: home, PATH: `${home}${delimiter}${PATH}` }
  // A group of its own, as in a terminal: Ctrl-C reaches all of it.
  const options = { cwd: root, env: given, detached: true }
  return (command: string) => spawn('bash', ['-c', `exec 2>&1\n${command}`], options)
}

/** The first line that it prints which is like that; fails with all that it printed where it ends without. */
async function lineOf(child: ChildProcess, like: RegExp): Promise<string> {
  const lines: string[] = []
  assert.ok(child.stdout)
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (like.test(line)) return line
  }
  return assert.fail(lines.join('\n'))
}

/** Ends a command that goes on until somebody has enough of it, as Ctrl-C does. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  process.kill(-child.pid, 'SIGINT')
  await exit
}

const resetAfter = (context: TestContext, cluster: TestCluster) =>
  context.after(() => cluster.reset())

test('what up prints at its end works for that cluster, wherever its data lies', async (context) => {
  const cluster = await openCluster('told')
  resetAfter(context, cluster)
  const told = await cluster.up('--runtime', 'simulated')
  const [before = '', tries = ''] = told.split('\nTry:\n')
  assert.ok(told.startsWith('The cluster is ready.\n'), told)
  const exports = before.split('\n').filter((line) => /^ {2}export /.test(line))
  assert.equal(exports.length, 2, told)
  const commands = tries.split('\n').flatMap((line) => /^ {2}(.+)$/.exec(line)?.[1] ?? [])
  const asUser = await newUser(cluster)
  const likes: Readonly<Record<string, RegExp>> = {
    'kubectl get rc,pods,svc,ingress,nodes -o wide': /^node\/node-1 +Ready /,
    'kubectl apply -f examples/guestbook': /^replicationcontroller\/frontend created$/,
    'npx reckon log --follow': /ReplicationControllerCreated/,
    'npx reckon status': /^replicator +Ready /,
  }
  assert.deepEqual(commands, Object.keys(likes))
  for (const command of commands) {
    const child = asUser([...exports, command].join('\n'))
    await lineOf(child, likes[command] ?? /./)
    await ended(child)
  }
})

test('up in the background says what it waits for where the event store does not answer', async (context) => {
  const cluster = await openCluster('silent-store')
  context.after(() => cluster.reckon('reset', '--data-dir', cluster.dataDir))
  const asUser = await newUser(cluster)
  const store = 'esdb://127.0.0.1:9?tls=false'
  const command = `exec npx reckon up --detach --runtime simulated --data-dir ${cluster.dataDir} --event-store '${store}'`
  const up = asUser(command)
  await lineOf(up, / api: .*the event store is away/)
  await ended(up)
})
