import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { kubectlsOfTests, Running, run } from './kubectl-run.ts'

const kubectls = await kubectlsOfTests()
const connectionsAtOnce = process.env.RECKON_TEST_LONG === '1' ? 100 : 20
const copiedBytes = 50 * 1024 * 1024

const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: tool }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: c, image: busybox, command: [sleep, '100000'] }]
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: c
      image: busybox
      command: [sh, -c, 'mkdir /www; echo a page > /www/index.html; httpd -p 127.0.0.1:8001 -h /www; exec httpd -f -p 8000 -h /www']
    # With room for all that connect at once: busybox's own server refuses those that it cannot take in time.
    - name: echo
      image: flaskapp:0.0.2
      command:
        - python3
        - -c
        - |
          import socketserver
          class Echo(socketserver.BaseRequestHandler):
              def handle(self):
                  while part := self.request.recv(65536):
                      self.request.sendall(part)
          class Server(socketserver.ThreadingTCPServer):
              request_queue_size = 128
          Server(('', 9000), Echo).serve_forever()
---
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - { name: c, image: busybox, stdin: true, command: [sh, -c, 'while read l; do echo "read $l"; done'] }
`

let cluster: TestCluster
let files: string
before(async () => {
  cluster = await openCluster('streams')
  await cluster.up()
  await cluster.apply(manifest)
  for (const name of ['tool', 'web', 'reader']) {
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
  }
  files = join(cluster.dataDir, 'copied')
  await mkdir(files)
})
after(() => cluster?.reset())

for (const { path, version } of kubectls) {
  const kubectl = (args: readonly string[], input?: string | Uint8Array) =>
    run(path, args, { env: cluster.env, ...(input !== undefined && { input }) })
  const exec = (script: string, ...more: string[]) =>
    kubectl(['exec', ...more, 'tool', '--', 'sh', '-c', script])

  test(`kubectl ${version}: exec says what the command says, hears what it is told, and ends as it does`, async () => {
    const both = await exec('echo out; echo err >&2; exit 3')
    assert.deepEqual([both.code, both.stdout], [3, 'out\n'])
    assert.match(both.stderr, /^err\n.*exit code 3/)
    const input = randomBytes(2_000_000).toString('hex')
    const piped = await kubectl(['exec', '-i', 'tool', '--', 'wc', '-c'], input)
    assert.deepEqual([piped.code, piped.stdout.trim()], [0, String(input.length)])
    const missing = await kubectl(['exec', 'tool', '--', 'no-such-command'])
    assert.equal(missing.code, 126)
    const unknown = await kubectl(['exec', 'tool', '-c', 'x', '--', 'true'])
    assert.match(unknown.stderr, /container x is not valid for pod tool/)
  })

  test(`kubectl ${version}: exec -t has a terminal, whose size is the client's`, async () => {
    // script(1) gives kubectl a terminal of its own.
    const command = `stty rows 33 cols 77; ${path} exec -it tool -- sh -c 'sleep 1; stty size; tty'`
    const { stdout } = await run('script', ['-qec', command, '/dev/null'], { env: cluster.env })
    assert.match(stdout, /33 77\r\n\/dev\/pts\/\d+\r\n/)
  })

  test(`kubectl ${version}: a client that goes away leaves no process behind`, async () => {
    const mark = `100${version.replaceAll(/\D/g, '')}`
    const script = `sleep ${mark} & echo begun; sleep ${mark}; sleep ${mark}`
    const running = new Running(path, ['exec', '-i', 'tool', '--', 'sh', '-c', script], cluster.env)
    await running.until(/begun/)
    const left = async () => (await exec(`ps | grep -c "[s]leep ${mark}" || true`)).stdout.trim()
    assert.notEqual(await left(), '0')
    running.process.kill('SIGKILL')
    await until('nothing of it is left', async () => (await left()) === '0')
  })

  test(`kubectl ${version}: attach joins the container's own process`, async () => {
    const attached = new Running(path, ['attach', '-i', 'reader'], cluster.env)
    attached.process.stdin.write('something\n')
    await attached.until(/read something/)
    attached.process.kill('SIGKILL')
    await attached.ended
    const { stdout } = await kubectl(['get', 'pod', 'reader', '-o', 'jsonpath={.status.phase}'])
    assert.equal(stdout, 'Running')
  })

  test(`kubectl ${version}: run -i --rm hears its input and says what comes of it`, async () => {
    const name = `runner-${version.replaceAll('.', '-')}`
    const args = ['run', name, '-i', '--rm', '--restart=Never', '--image=busybox', '--']
    const { stdout } = await kubectl([...args, 'sh', '-c', 'sleep 2; cat; echo over'], 'told\n')
    assert.match(stdout, /told\nover\n/)
  })

  test(`kubectl ${version}: cp carries 50 MB there and back`, async () => {
    const [there, back] = [join(files, 'there'), join(files, `back-${version}`)]
    const content = randomBytes(copiedBytes)
    await writeFile(there, content)
    const gone = await kubectl(['cp', there, 'tool:/tmp/copied'])
    assert.equal(gone.code, 0, gone.stderr)
    const come = await kubectl(['cp', 'tool:/tmp/copied', back])
    assert.equal(come.code, 0, come.stderr)
    const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    assert.equal(sum(await readFile(back)), sum(content))
  })

  test(`kubectl ${version}: port-forward carries many connections at once`, {
    timeout: 60_000,
  }, async (t) => {
    const args = ['port-forward', 'pod/web', ':8000', ':8001', ':9000', ':7']
    const forwarder = new Running(path, args, cluster.env)
    t.after(() => forwarder.process.kill())
    const portOf = async (port: number) => {
      const [, local] = await forwarder.until(new RegExp(`127.0.0.1:(\\d+) -> ${port}\\n`))
      return Number(local)
    }
    const [web, echo] = [await portOf(8000), await portOf(9000)]
    // The second is only on the pod's own loopback.
    for (const port of [web, await portOf(8001)]) {
      const pages = await Promise.all(Array.from({ length: connectionsAtOnce }, () => page(port)))
      for (const each of pages) assert.deepEqual(each, [200, 'a page\n'])
    }
    const said = Array.from({ length: connectionsAtOnce }, () => randomBytes(200_000))
    assert.deepEqual(await Promise.all(said.map((bytes) => echoed(echo, bytes))), said)
  })
}

/** What a server answers, however slow so many make it. */
async function page(port: number): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${port}/`)
  return [response.status, await response.text()]
}

/** What comes back of what is said to a port, once all is said. */
async function echoed(port: number, said: Buffer): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  await once(socket, 'connect')
  const heard: Buffer[] = []
  let bytes = 0
  const all = new Promise<void>((resolve, reject) => {
    socket.on('data', (part) => {
      heard.push(Buffer.from(part))
      bytes += part.length
      if (bytes === said.length) resolve()
    })
    socket.on('error', reject)
    socket.on('end', resolve)
    socket.on('close', resolve)
  })
  socket.write(said)
  await all
  socket.destroy()
  return Buffer.concat(heard)
}
