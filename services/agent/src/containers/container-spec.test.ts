import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Pod, PodSpec } from '@reckon/kubernetes'
import { containerSpec } from './container-spec.ts'
import { sandboxSpec } from './sandbox-spec.ts'

const podOf = (spec: Partial<PodSpec> = {}): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'web.one', namespace: 'team', uid: 'u' },
  spec: { containers: [], ...spec },
})
const start = { attempt: 0, sandboxId: 's', env: { WHO: 'me' }, mounts: [], oomScore: 1000 }
const specOf = (container: Partial<Container>, spec?: Partial<PodSpec>) =>
  containerSpec(podOf(spec), { name: 'c', image: 'i:1', ...container }, start)

test('command and arguments name variables of the environment; the rest is as it is written', () => {
  const { image, container, command, args, workingDir } = specOf({
    command: ['echo', '$(WHO)'],
    args: ['$(NOBODY)', '$$(WHO)'],
    workingDir: '/work',
  })
  assert.deepEqual([image, container, workingDir], ['i:1', 'c', '/work'])
  assert.deepEqual(
    [command, args],
    [
      ['echo', 'me'],
      ['$(NOBODY)', '$(WHO)'],
    ],
  )
})

test('stdin, stdinOnce and tty are what is asked for, and nothing by itself', () => {
  const { stdin, stdinOnce, tty } = specOf({ stdin: true, stdinOnce: true, tty: true })
  assert.deepEqual([stdin, stdinOnce, tty], [true, true, true])
  const none = specOf({})
  assert.deepEqual([none.stdin, none.stdinOnce, none.tty], [false, false, false])
})

test('a container is asked to end with its stopSignal', () => {
  assert.equal(specOf({ lifecycle: { stopSignal: 'SIGUSR1' } }).stopSignal, 'SIGUSR1')
  assert.equal('stopSignal' in specOf({}), false)
})

test('requests give shares of the CPU, limits bound it and the memory', () => {
  const resources = { requests: { cpu: '250m' }, limits: { cpu: '1', memory: '1Mi' } }
  const limits = { cpuShares: 256, cpuMillisMax: 1_000, memoryBytesMax: 1_048_576 }
  assert.deepEqual(specOf({ resources }).limits, limits)
  assert.deepEqual(specOf({}).limits, { cpuShares: 2 })
})

test('a container runs as its own securityContext says, else as its pod’s', () => {
  const own = {
    runAsUser: 5,
    readOnlyRootFilesystem: true,
    privileged: true,
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
  }
  const securityContext = { runAsUser: 1, runAsGroup: 3, supplementalGroups: [7], fsGroup: 9 }
  assert.deepEqual(specOf({ securityContext: own }, { securityContext }).security, {
    user: '5:3',
    supplementalGroups: [7, 9],
    readOnlyRootFilesystem: true,
    privileged: true,
    noNewPrivileges: true,
    addCapabilities: ['NET_ADMIN'],
    dropCapabilities: ['ALL'],
    unconfined: [],
  })
  assert.equal(specOf({}, { securityContext: { runAsUser: 1 } }).security.user, '1')
  assert.equal(specOf({ securityContext: { runAsGroup: 4 } }).security.user, '0:4')
})

test('processes are seen by the container alone, by its pod (shareProcessNamespace) or by the host (hostPID)', () => {
  assert.equal(specOf({}).processes, 'Own')
  assert.equal(specOf({}, { shareProcessNamespace: true }).processes, 'Sandbox')
  assert.equal(specOf({}, { hostPID: true }).processes, 'Host')
})

test('a pod has its hostname and its ports on the host, unless it is in the host’s network', () => {
  const ports = [{ containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1', protocol: 'UDP' }]
  const containers = [{ name: 'c', ports }]
  const place = { attempt: 0, image: 'pause', ip: '10.0.0.1', domain: 'cluster.local' }
  const sandbox = (spec: Partial<PodSpec>) => sandboxSpec(podOf({ containers, ...spec }), place)
  assert.equal(sandbox({}).hostname, 'web.one')
  const named = sandbox({ hostname: 'me', hostIPC: true, hostPID: true })
  assert.deepEqual([named.hostname, named.hostIPC, named.hostPID], ['me', true, true])
  assert.deepEqual(named.ports, ports)
  assert.deepEqual(sandbox({ hostNetwork: true }).ports, [])
  const whole = { subdomain: 'sub', setHostnameAsFQDN: true }
  assert.equal(sandbox(whole).hostname, 'web.one.sub.team.svc.cluster.local')
  assert.throws(() => sandbox({ ...whole, hostname: 'x'.repeat(40) }), /at most 64 characters/)
  const sysctls = [{ name: 'net.ipv4.tcp_syncookies', value: '0' }]
  const set = sandbox({ securityContext: { sysctls } }).sysctls
  assert.deepEqual(set, { 'net.ipv4.tcp_syncookies': '0' })
})
