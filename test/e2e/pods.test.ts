import assert from 'node:assert/strict'
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { EndpointSlice, Event, Pod } from '@reckon/kubernetes'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { account, openPrivateRegistry } from './private-registry.ts'

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('pods')
  await cluster.up()
})
after(() => cluster?.reset())

const podOf = (name: string) => cluster.json<Pod>('get', 'pod', name)
const stateOf = async (name: string) => (await podOf(name)).status?.containerStatuses?.[0]?.state
const waitingOf = async (name: string) => (await stateOf(name))?.waiting
/** The containers of a pod that the engine has running. */
const engineHas = (name: string) =>
  cluster.docker.listContainers({ filters: { label: [`reckon.pod.name=${name}`] } })
const reaches = (name: string, condition: string) =>
  cluster.kubectl('wait', `pod/${name}`, `--for=${condition}`, '--timeout=60s')
const succeeds = (name: string) => reaches(name, 'jsonpath={.status.phase}=Succeeded')

async function eventsOf(name: string, countMin = 1): Promise<string[]> {
  const { items } = await cluster.json<{ items: Event[] }>(
    ...['get', 'events', '--field-selector', `involvedObject.name=${name}`],
  )
  return items.flatMap(({ reason, message, count = 1 }) =>
    count < countMin ? [] : [`${reason}: ${message}`],
  )
}

const untilEvent = (name: string, wanted: RegExp) =>
  until(`${name} has the event ${wanted}`, async () =>
    (await eventsOf(name)).some((text) => wanted.test(text)),
  )

/** A pod of one container of busybox, from the fields of both in YAML's flow form. */
const pod = (name: string, container: string, spec = 'restartPolicy: Never') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  ${spec.split('\n').join('\n  ')}
  containers: [{ name: c, image: busybox, imagePullPolicy: IfNotPresent, ${container} }]
---
`

const sh = (text: string) => `command: [sh, -c, ${JSON.stringify(text)}]`

test('a pod that has to wait says why, in its state and as an event', async () => {
  const missing = 'restartPolicy: Never\nvolumes: [{ name: v, configMap: { name: none } }]'
  const nonRoot = 'restartPolicy: Never\nsecurityContext: { runAsNonRoot: true }'
  const { api } = cluster.readCluster().ports
  await cluster.apply(
    pod('nonroot', sh('id'), nonRoot) +
      pod('unmounted', sh('exit 0'), missing) +
      pod('taken', `ports: [{ containerPort: 80, hostPort: ${api} }]`) +
      pod('badimage', 'lifecycle: {}').replace('image: busybox', "image: 'Foo/Bar:tag'") +
      pod('commandless', 'command: [no-such-command]', 'restartPolicy: Always') +
      pod('unpulled', 'lifecycle: {}').replace('busybox', '127.0.0.1:1/none:1'),
  )
  const reasons = {
    nonroot: /^CreateContainerConfigError container has runAsNonRoot and image will run as root/,
    unmounted: /^ContainerCreating MountVolume.SetUp failed for volume "v" : configmap "none"/,
    taken: /^ContainerCreating .*(address already in use|port is already allocated)/,
    badimage: /^InvalidImageName .*invalid reference format/,
  }
  for (const [name, wanted] of Object.entries(reasons)) {
    await until(`${name} waits with its reason`, async () => {
      const waiting = await waitingOf(name)
      return wanted.test(`${waiting?.reason} ${waiting?.message}`)
    })
  }
  const why = await cluster.reckon('why', 'pod/taken')
  assert.match(why, /Container c does not run there: .*(already in use|already allocated)/)
  await untilEvent('nonroot', /^Failed: Error: container has runAsNonRoot/)
  await untilEvent('unmounted', /^FailedMount: MountVolume.SetUp failed/)
  await untilEvent('taken', /^FailedCreatePodSandBox: Failed to create pod sandbox/)
  await untilEvent('badimage', /^InspectFailed: Failed to apply default image tag/)
  await untilEvent(
    'commandless',
    /^Failed: Error: failed to start container "c": .*no-such-command/,
  )
  const { reason, startedAt } =
    (await podOf('commandless')).status?.containerStatuses?.[0]?.lastState?.terminated ?? {}
  assert.equal(reason, 'StartError')
  assert.ok(Date.parse(startedAt ?? '') > Date.parse('2020-01-01'))
  await untilEvent('unpulled', /^Failed: Error: ImagePullBackOff/)
  await until('each failed pull is counted', async () =>
    (await eventsOf('unpulled', 2)).some((text) => text.startsWith('Failed: Failed to pull image')),
  )
  await cluster.kubectl('create', 'configmap', 'none')
  await succeeds('unmounted')
})

test('volumes belong to the group of the pod, and a container runs as it is told to', async () => {
  await cluster.apply(
    `
apiVersion: v1
kind: Secret
metadata: { name: sec }
data: { txt: aGVsbG8= }
---` +
      pod(
        'fsgroup',
        `${sh('cat /sec/txt; touch /ed/f; stat -c %g /ed /ed/f; sysctl -n net.ipv4.tcp_syncookies; hostname; grep -c Seccomp:.0 /proc/self/status')},
    securityContext: { seccompProfile: { type: Unconfined } },
    volumeMounts: [{ name: s, mountPath: /sec }, { name: e, mountPath: /ed }]`,
        `restartPolicy: Never
setHostnameAsFQDN: true
subdomain: sub
securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, sysctls: [{ name: net.ipv4.tcp_syncookies, value: '0' }] }
volumes: [{ name: s, secret: { secretName: sec, defaultMode: 0400 } }, { name: e, emptyDir: {} }]`,
      ) +
      pod('hosted', sh('cat /etc/hosts'), 'restartPolicy: Never\nhostNetwork: true') +
      pod(
        'unsafe',
        sh('id'),
        "securityContext: { sysctls: [{ name: kernel.msgmax, value: '1' }] }",
      ),
  )
  for (const name of ['fsgroup', 'hosted']) await succeeds(name)
  assert.equal(
    await cluster.kubectl('logs', 'fsgroup'),
    'hello2000\n2000\n0\nfsgroup.sub.default.svc.cluster.local\n1\n',
  )
  assert.match(
    await cluster.kubectl('logs', 'hosted'),
    /^# Kubernetes-managed hosts file \(host network\)/,
  )
  await until('an unsafe sysctl is refused', async () => {
    return (await podOf('unsafe')).status?.reason === 'SysctlForbidden'
  })
})

test('containers start and end in their order, with the signal and the last words that they want', async () => {
  const say = (text: string) => `echo ${text} >> /e/log`
  const sidecar = `[{ name: s, image: busybox, imagePullPolicy: IfNotPresent, restartPolicy: Always,
    startupProbe: { exec: { command: [cat, /tmp/up] }, periodSeconds: 1, failureThreshold: 60 },
    ${sh(`${say('s start')}; sleep 2; touch /tmp/up; ${say('s up')}; trap "${say('s term')}; exit 0" TERM; while true; do sleep 0.1; done`)},
    volumeMounts: [{ name: e, mountPath: /e }] }]`
  await cluster.apply(
    pod(
      'side',
      `${sh(`${say('main start')}; trap "${say('main term')}; sleep 1; ${say('main end')}; exit 0" USR1; while true; do sleep 0.1; done`)},
    lifecycle: { stopSignal: SIGUSR1, preStop: { exec: { command: [sh, -c, '${say('main hook')}'] } } },
    volumeMounts: [{ name: e, mountPath: /e }]`,
      `terminationGracePeriodSeconds: 20
initContainers: ${sidecar}
volumes: [{ name: e, hostPath: { path: ${cluster.dataDir}/side, type: DirectoryOrCreate } }]`,
    ).replace('  terminationGracePeriodSeconds: 1\n', '') +
      pod('last-words', sh('echo tea > /dev/termination-log; exit 3')) +
      pod(
        'last-line',
        `terminationMessagePolicy: FallbackToLogsOnError, ${sh('echo from the log; exit 4')}`,
      ),
  )
  for (const [name, message] of [
    ['last-words', 'tea\n'],
    ['last-line', 'from the log\n'],
  ] as const) {
    await until(
      `${name} are told`,
      async () => (await stateOf(name))?.terminated?.message === message,
    )
  }
  await reaches('side', 'condition=Ready')
  await cluster.kubectl('delete', 'pod', 'side')
  await cluster.apply(
    pod(
      'reader',
      `${sh('cat /e/log')}, volumeMounts: [{ name: e, mountPath: /e }]`,
      `restartPolicy: Never\nvolumes: [{ name: e, hostPath: { path: ${cluster.dataDir}/side } }]`,
    ),
  )
  await succeeds('reader')
  assert.deepEqual((await cluster.kubectl('logs', 'reader')).trim().split('\n'), [
    ...['s start', 's up', 'main start', 'main hook', 'main term', 'main end', 's term'],
  ])
})

test('a container that does not heed its signal is killed when its grace is over', async () => {
  const folder = join(cluster.dataDir, 'stubborn')
  await cluster.apply(
    pod(
      'stubborn',
      `${sh('trap "echo heard >> /e/log" TERM; touch /e/log; while true; do sleep 0.1; done')}, volumeMounts: [{ name: e, mountPath: /e }]`,
      `volumes: [{ name: e, hostPath: { path: ${folder}, type: DirectoryOrCreate } }]`,
    ),
  )
  await until('it listens', () => existsSync(join(folder, 'log')))
  await cluster.kubectl('delete', 'pod', 'stubborn')
  assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'heard\n')
  assert.deepEqual(await engineHas('stubborn'), [])
})

test('a pod is in the network and among the processes of its machine where it asks for it; a port of the machine leads to its own', async () => {
  await cluster.apply(
    pod('machine', sh('exec sleep 3600'), 'hostNetwork: true\nhostPID: true\nhostIPC: true') +
      pod(
        'published',
        `${sh('mkdir /w; echo page > /w/index.html; exec httpd -f -p 80 -h /w')}, ports: [{ containerPort: 80, hostPort: 18080 }]`,
        '',
      ),
  )
  for (const name of ['machine', 'published']) await reaches(name, 'condition=Ready')
  const kinds = ['net', 'pid', 'ipc']
  const script = kinds.map((kind) => `readlink /proc/self/ns/${kind}`).join(';')
  const namespaces = await cluster.kubectl('exec', 'machine', '--', 'sh', '-c', script)
  const own = kinds.map((kind) => readlinkSync(`/proc/self/ns/${kind}`))
  assert.deepEqual(namespaces.trim().split('\n'), own)
  const { podIP, hostIP } = (await podOf('machine')).status ?? {}
  assert.equal(podIP, hostIP)
  for (const address of ['127.0.0.1', '10.244.0.1']) {
    assert.deepEqual(await get(`http://${address}:18080/`), { code: 200, body: 'page\n' })
  }
  await cluster.kubectl('delete', 'pod', 'machine', 'published')
  assert.equal((await get('http://127.0.0.1:18080/')).code, 0)
})

test('a probe that hangs leaves nothing behind, and a container is not there before its hook is over', async () => {
  const hookFolder = join(cluster.dataDir, 'hooked')
  await cluster.apply(
    pod(
      'hangs',
      `${sh('exec sleep 3600')}, readinessProbe: { exec: { command: [sh, -c, 'sleep 777; true'] }, timeoutSeconds: 1, periodSeconds: 1 }`,
    ) +
      pod(
        'hooked',
        `${sh('exec sleep 3600')}, lifecycle: { postStart: { exec: { command: [sh, -c, 'until test -e /h/go; do sleep 0.1; done; exit 9'] } } }, volumeMounts: [{ name: h, mountPath: /h }]`,
        `volumes: [{ name: h, hostPath: { path: ${hookFolder}, type: DirectoryOrCreate } }]`,
      ) +
      pod(
        'unserving',
        `${sh('exec sleep 3600')}, readinessProbe: { grpc: { port: 5000 }, periodSeconds: 1 }`,
      ) +
      pod(
        'portless',
        `${sh('exec sleep 3600')}, readinessProbe: { httpGet: { port: web }, periodSeconds: 1 }`,
      ) +
      `
apiVersion: v1
kind: Service
metadata: { name: hooked }
spec: { selector: { app: hooked }, ports: [{ port: 80 }] }`,
  )
  await until('its container runs', async () => (await engineHas('hooked')).length === 2)
  await until('it is told as being made', async () => {
    return (await waitingOf('hooked'))?.reason === 'ContainerCreating'
  })
  const slices = ['get', 'endpointslices', '-l', 'kubernetes.io/service-name=hooked']
  const { items: found } = await cluster.json<{ items: EndpointSlice[] }>(...slices)
  const endpoints = found.flatMap((slice) => slice.endpoints ?? [])
  assert.ok(endpoints.every(({ conditions }) => conditions?.ready === false))
  writeFileSync(join(hookFolder, 'go'), '')
  await untilEvent('hooked', /^FailedPostStartHook: PostStartHook failed/)
  const { items } = await cluster.json<{ items: Event[] }>('get', 'events')
  assert.ok(items.some(({ reason }) => reason === 'Started'))
  await until('the hooked one has ended at its failed hook', async () => {
    return (await stateOf('hooked'))?.terminated?.exitCode === 137
  })
  await untilEvent('unserving', /^Unhealthy: Readiness probe failed: UNAVAILABLE/)
  await untilEvent('portless', /^Unhealthy: Readiness probe errored .* port "web" not found/)
  await untilEvent('hangs', /^Unhealthy: Readiness probe failed: no answer within 1s/)
  const labels = ['reckon.pod.name=hangs', 'reckon.container=c']
  const [container] = await cluster.docker.listContainers({ filters: { label: labels } })
  const { Processes } = await cluster.docker.getContainer(container?.Id ?? '').top()
  assert.ok(Processes.length <= 3, JSON.stringify(Processes))
})

test('an image is pulled when its policy says so, and from a registry that serves only whom it knows', async (t) => {
  const registry = await openPrivateRegistry(join(cluster.dataDir, 'private'))
  t.after(() => registry.close())
  const { host } = registry
  const shown = Object.entries({ server: host, ...account }).map(
    ([name, value]) => `--docker-${name}=${value}`,
  )
  await cluster.kubectl('create', 'secret', 'docker-registry', 'key', ...shown)
  const image = `${host}/library/busybox`
  const pulling = (name: string, policy: string, more = '') =>
    pod(name, sh('exit 0'), `restartPolicy: Never${more}`)
      .replace('image: busybox', `image: ${image}`)
      .replace('IfNotPresent', policy)
  const withKey = '\nimagePullSecrets: [{ name: key }]'

  await cluster.apply(pulling('unknown', 'IfNotPresent') + pulling('never', 'Never', withKey))
  await untilEvent('unknown', /^Failed: Failed to pull image .*no basic auth credentials/)
  await until('it is not pulled at all', async () => {
    return (await waitingOf('never'))?.reason === 'ErrImageNeverPull'
  })
  await assert.rejects(cluster.docker.getImage(image).inspect())
  await cluster.apply(pulling('known', 'IfNotPresent', withKey))
  await succeeds('known')
  assert.ok((await cluster.docker.getImage(image).inspect()).RepoDigests.length > 0)
  // From here on it is on the machine.
  await cluster.apply(pulling('present', 'IfNotPresent') + pulling('always', 'Always'))
  await succeeds('present')
  await untilEvent('present', /^Pulled: Container image ".*busybox" already present on machine$/)
  await untilEvent('present', /^Started: Started container c$/)
  assert.doesNotMatch((await eventsOf('present')).join(), /Pulling/)
  await untilEvent('always', /^Failed: Failed to pull image .*no basic auth credentials/)
})
