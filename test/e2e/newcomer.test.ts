import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { findKubectls } from '@reckon/bootstrap'
import { root } from '../run-tests.ts'

const folder = process.env.RECKON_E2E_FOLDER ?? ''
const reckon = join(root, 'node_modules/.bin/reckon')
/** Somebody who is not root. */
const nobody = 65534
const asNobody = ['setpriv', '--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups']

/** What a command prints; what one that fails prints is in what is thrown. */
async function typed(command: readonly string[]): Promise<string> {
  const [file = '', ...args] = command
  const { stdout, stderr } = await promisify(execFile)(file, args, { cwd: root })
  return `${stderr}${stdout}`
}

/** A program of somebody else that listens there until the test is over. */
async function takePort(t: TestContext, port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
}

/** Where the repository lies within what is root's alone, nobody else can start anything of it. */
const isOthersToo = await typed([...asNobody, reckon, '--version']).then(
  () => true,
  () => false,
)

test('who is not root, has no Docker, a home with a space and two taken ports gets a cluster, and is told of each', {
  skip: !isOthersToo,
}, async (t) => {
  const home = join(folder, 'a home')
  mkdirSync(home)
  chownSync(home, nobody, nobody)
  chmodSync(folder, 0o711)
  const asNewcomer = [...asNobody, 'env', `HOME=${home}`, `NODE_COMPILE_CACHE=${home}/cache`]
  const type = (...args: string[]) => typed([...asNewcomer, reckon, ...args])
  for (const port of [6443, 8080]) await takePort(t, port)
  t.after(() => type('reset'))
  const said = await type('up', '--detach')
  assert.match(
    said,
    /no Docker engine: no Docker Engine answers at \S+; start it \(.*\), or run as/,
  )
  assert.match(said, /pods are simulated; "npm run setup" as root installs what is missing/)
  const taken = (port: number, name: string, option: string) =>
    new RegExp(
      `port ${port}, usual for ${name}, is taken .*; it is \\d+ instead \\(${option} names`,
    )
  assert.match(said, taken(6443, 'api', '--port'))
  assert.match(said, taken(8080, 'envoy', '--ingress-port'))
  const exports = said.match(/^ +export .*$/gm) ?? []
  const [kubectl] = await findKubectls()
  const script = [...exports, `"${kubectl?.path}" get nodes`].join('\n')
  assert.match(await typed([...asNewcomer, 'sh', '-ec', script]), /node-1 +Ready/)
  await assert.rejects(type('up', '--runtime', 'docker'), /already|of the runtime "simulated"/)
})

test('what cannot be started says why and what to do, before anything is there', async (t) => {
  await takePort(t, 6443)
  const up = (name: string, ...args: string[]) =>
    typed([reckon, 'up', '--detach', '--data-dir', join(folder, name), ...args])
  await assert.rejects(
    up('taken', '--runtime', 'simulated', '--port', '6443'),
    /port 6443, wanted for api, is taken .*; choose another with --port, or end that program/,
  )
  await assert.rejects(
    up('engine', '--docker-host', join(folder, 'none.sock')),
    /no Docker Engine answers at \S+none\.sock/,
  )
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'full'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'full', join(folder, 'full')])
  t.after(() => execFileSync('umount', [join(folder, 'full')]))
  await assert.rejects(up('full/data'), /full\/data lies on is full: make room .* by --data-dir/)
  await assert.rejects(
    up('file/data'),
    /data directory cannot be used .* name another by --data-dir/,
  )
})

test('an earlier Node than Reckon starts on is told to, by its own words', async () => {
  const version = 'Object.defineProperty(process.versions, "node", { value: "18.1.0" })'
  const asEarlier = ['--import', `data:text/javascript,${version}`]
  const setup = join(root, 'infra/bootstrap/setup.mjs')
  await assert.rejects(
    typed([process.execPath, ...asEarlier, setup]),
    /Reckon starts on Node 20 or later.*https:\/\/nodejs\.org/,
  )
})
