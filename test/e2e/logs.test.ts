import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { kubectlsOfTests, Running, run } from './kubectl-run.ts'

const kubectls = await kubectlsOfTests()
/** Docker's files hold 10 MB each: so many lines of 250 bytes are turned over three times. */
const linesOfMany = 100_000

const pod = (name: string, script: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: talkers } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - { name: c, image: busybox, command: [sh, -c, '${script}'] }
    ${more}
---`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('logs')
  await cluster.up()
  await cluster.apply(
    [
      // The engine reads the two streams apart: only a pause orders them.
      pod('talker', 'echo one; sleep 1; echo two >&2; sleep 1; echo three; exec sleep 1000'),
      pod(
        'pair',
        'echo of c; exec sleep 1000',
        '- { name: d, image: busybox, command: [sh, -c, "echo of d; exec sleep 1000"] }',
      ),
      pod('ender', 'n=$(cat /tmp/e/n 2>/dev/null); echo attempt; sleep 1; exit 1'),
    ].join('\n'),
  )
  for (const name of ['talker', 'pair']) {
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
  }
})
after(() => cluster?.reset())

for (const { path, version } of kubectls) {
  const kubectl = (...args: string[]) => run(path, args, { env: cluster.env })
  const logs = async (...args: string[]) => (await kubectl('logs', ...args)).stdout

  test(`kubectl ${version}: logs, in all its ways`, async () => {
    await until('all is said', async () => (await logs('talker')) === 'one\ntwo\nthree\n')
    assert.equal(await logs('talker', '--tail=1'), 'three\n')
    assert.equal(await logs('talker', '--limit-bytes=5'), 'one\nt')
    assert.match(await logs('talker', '--timestamps'), /^(\d{4}-\S+Z (one|two|three)\n){3}$/)
    assert.equal(await logs('talker', '--since=1h'), 'one\ntwo\nthree\n')
    assert.equal(await logs('talker', '--since-time=2100-01-01T00:00:00Z'), '')
    assert.equal(await logs('pair', '-c', 'd'), 'of d\n')
    // In whichever order this kubectl asks for them.
    const both = (await logs('pair', '--all-containers')).split('\n').sort()
    assert.deepEqual(both, ['', 'of c', 'of d'])
    const ofAll = await logs('-l', 'app=talkers', '--all-containers', '--prefix')
    assert.match(ofAll, /\[pod\/pair\/d\] of d\n/)
    const unknown = await kubectl('logs', 'pair', '-c', 'x')
    assert.match(unknown.stderr, /container x is not valid for pod pair/)
    const absent = await kubectl('logs', 'none')
    assert.match(absent.stderr, /\(NotFound\): pods "none" not found/)
  })

  test(`kubectl ${version}: logs -f goes on with what is written, and ends with the container`, async () => {
    const name = `counter-${version.replaceAll('.', '-')}`
    await cluster.apply(pod(name, 'for n in 1 2 3; do echo number $n; sleep 1; done'))
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
    const { code, stdout } = await kubectl('logs', '-f', name)
    assert.deepEqual([code, stdout], [0, 'number 1\nnumber 2\nnumber 3\n'])
    await kubectl('delete', 'pod', name, '--wait=false')
  })

  test(`kubectl ${version}: logs --previous is what the attempt before has written`, async () => {
    await until('it was started again', async () => {
      const { stdout } = await kubectl('get', 'pod', 'ender')
      return /[1-9]\d* \(/.test(stdout)
    })
    assert.equal(await logs('ender', '--previous'), 'attempt\n')
    const { stderr } = await kubectl('logs', 'talker', '--previous')
    assert.match(stderr, /previous terminated container "c" in pod "talker" not found/)
  })

  test(`kubectl ${version}: logs -f through three rotations loses and doubles no line`, async () => {
    const name = `writer-${version.replaceAll('.', '-')}`
    const pad = 'x'.repeat(240)
    const script = `sleep 2; seq 1 ${linesOfMany} | sed "s/$/ ${pad}/"; sleep 1`
    await cluster.apply(pod(name, script))
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
    const follower = new Running(path, ['logs', '-f', name], cluster.env)
    const { code, stdout } = await follower.ended
    assert.equal(code, 0)
    const numbers = stdout.split('\n').flatMap((line) => (line ? [Number.parseInt(line, 10)] : []))
    assert.equal(numbers.length, linesOfMany)
    assert.ok(numbers.every((number, index) => number === index + 1))
    await kubectl('delete', 'pod', name, '--wait=false')
  })
}
