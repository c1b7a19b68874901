import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Pod, PodCondition } from '@reckon/kubernetes'
import { openCluster, type TestCluster, until } from './cluster.ts'

/** What a pod's spec may say, looked for where it has to have come true: inside the container, or at the engine. */
let cluster: TestCluster
before(async () => {
  cluster = await openCluster('pod-spec')
  // So that some hundred megabytes are too many.
  await cluster.up('--memory-capacity', '1Gi', '--eviction-hard', 'memory.available<600Mi')
  await cluster.kubectl('apply', '-f', 'test/e2e/pod-spec.yaml')
  const ready = ['whole', 'family'].map((name) => `pod/${name}`)
  await cluster.kubectl('wait', ...ready, '--for=condition=Ready', '--timeout=60s')
})
after(() => cluster?.reset())

const podOf = (name: string) => cluster.json<Pod>('get', 'pod', name)
const stateOf = async (name: string) => (await podOf(name)).status?.containerStatuses?.[0]?.state
const greedyEnded = async () => (await stateOf('greedy'))?.terminated !== undefined
const inside = (script: string, container = 'app', pod = 'whole') =>
  cluster.kubectl('exec', pod, '-c', container, '--', 'sh', '-c', script)

/** A container as the engine has it. */
async function inspected(pod: string, container: string) {
  const label = [`reckon.pod.name=${pod}`, `reckon.container=${container}`]
  const [found] = await cluster.docker.listContainers({ all: true, filters: { label } })
  return cluster.docker.getContainer(found?.Id ?? '').inspect()
}

/** How often the containers of a pod were started. */
async function attemptsOf(pod: string): Promise<number> {
  const label = [`reckon.pod.name=${pod}`, 'reckon.container=c']
  return (await cluster.docker.listContainers({ all: true, filters: { label } })).length
}

test('containers start in their order and share the network and the IPC of the pause container, not their processes', async () => {
  assert.equal(await inside('wget -qO- http://127.0.0.1:8000/order'), 'prepare\nhelper\napp\n')
  const sandbox = await inspected('whole', 'POD')
  assert.equal(sandbox.Config.Image, 'reckon/pause:1')
  const namespaces = (container: string) =>
    inside('for n in net ipc pid; do readlink /proc/1/ns/$n; done', container)
  const [net, ipc, pid] = (await namespaces('app')).split('\n')
  const [otherNet, otherIpc, otherPid] = (await namespaces('other')).split('\n')
  assert.deepEqual([net, ipc], [otherNet, otherIpc])
  assert.notEqual(pid, otherPid)
  for (const container of ['app', 'other', 'helper']) {
    const { HostConfig } = await inspected('whole', container)
    assert.equal(HostConfig.NetworkMode, `container:${sandbox.Id}`)
  }
  const processes = await inside('ps -o pid,args', 'one', 'family')
  assert.match(processes, /^ +1 \/pause$/m)
  assert.match(processes, / sleep 222222$/m)
})

test('variables come from values, fields, resources, Secrets, ConfigMaps and Services; the command is told them', async () => {
  const expected = {
    PLAIN: 'plain',
    COMPOSED: 'plain, $(PLAIN), $(NOWHERE)',
    POD_NAME: 'whole',
    POD_IP: (await podOf('whole')).status?.podIP,
    APP: 'whole',
    CPU: '250',
    MEMORY: '64',
    WHO: 'admin',
    SIZE: 'large',
    NONE: undefined,
    SET_colour: 'blue',
    password: 's3cret',
    PEER_SERVICE_PORT_HTTP: '80',
  }
  const variables = new Map(
    (await inside('env')).split('\n').map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(variables.get(name), value, name)
  }
  const peer = await cluster.json<{ spec: { clusterIP: string } }>('get', 'service', 'peer')
  assert.equal(variables.get('PEER_SERVICE_HOST'), peer.spec.clusterIP)
  const said = await cluster.kubectl('logs', 'whole', '-c', 'app')
  assert.equal(said, 'plain, $(PLAIN), $(NOWHERE) in /work\n')
})

test('volumes hold what they are of, under the paths and with the modes that they ask for', async () => {
  const script = `
    cat /chosen/sub/renamed; stat -Lc ' %a' /chosen/sub/renamed; ls /chosen
    cat /login/user; stat -Lc ' %a' /login/user
    grep ^note /down/annotations; cat /host; cat /all/size /all/user /all/name /all/memory; echo
    mount | grep -o 'on /scratch type tmpfs.*size=[0-9]*k'
    head -c 2000000 /dev/zero > /scratch/full 2> /dev/null || wc -c < /scratch/full`
  const lines = (await inside(script)).split('\n')
  const [chosen, names, login, note, host, all, scratch = '', written] = lines
  assert.deepEqual([chosen, names, login], ['blue 400', 'sub', 'admin 440'])
  assert.deepEqual(
    [note, host, all],
    ['note="first"', readFileSync('/etc/hostname', 'utf8').trim(), 'largeadminwhole64'],
  )
  assert.match(scratch, /size=1024k$/)
  assert.equal(written, `${2 ** 20}`)
  const [, claims = ''] = (await inside('cat /all/token')).split('.')
  const token = JSON.parse(Buffer.from(claims, 'base64url').toString())
  assert.deepEqual([token.aud, token['kubernetes.io'].pod.name], [['vault'], 'whole'])
})

test('what changes reaches the files of a running pod; what is mounted by subPath stays', async () => {
  const data = '{"data":{"colour":"red","size":"small"}}'
  await cluster.kubectl('patch', 'configmap', 'settings', '-p', data)
  await cluster.kubectl('annotate', 'pod', 'whole', 'note=second', '--overwrite')
  const wanted = 'red small small second large'
  const script = 'echo $(cat /live/colour) $(cat /live/size) $(cat /all/size)'
  await until('the files are new', async () => {
    const said = await inside(`${script} $(grep -o second /down/annotations) $(cat /etc/size)`)
    return said.trim() === wanted
  })
  // Both files are of one generation, by the link that is swapped.
  assert.match(
    await inside('readlink /live/colour; readlink /live/..data'),
    /^\.\.data\/colour\n\.\./,
  )
  // A pod that is new has the new one.
  await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: newer }
spec:
  restartPolicy: Never
  containers:
    - { name: c, image: busybox, command: [cat, /etc/size], volumeMounts: [{ name: live, mountPath: /etc/size, subPath: size }] }
  volumes: [{ name: live, configMap: { name: settings } }]
`)
  const succeeded = ['--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']
  await cluster.kubectl('wait', 'pod/newer', ...succeeded)
  assert.equal(await cluster.kubectl('logs', 'newer'), 'small')
})

test('names are resolved as the policy says, and aliases are there', async () => {
  const { podIP } = (await podOf('whole')).status ?? {}
  const hosts = await inside('cat /etc/hosts')
  assert.match(hosts, new RegExp(`^${podIP}\twhole$`, 'm'))
  assert.match(hosts, /^10\.1\.2\.3\tother\.example\tother$/m)
  const clusterFirst = await inside('cat /etc/resolv.conf')
  assert.match(clusterFirst, /^nameserver 169\.254\.20\.10\nsearch default\.svc\.cluster\.local /)
  await until('it was killed', greedyEnded)
  const ofMachine = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'].filter(existsSync)
  const byDefault = await cluster.kubectl('logs', 'greedy')
  assert.ok(
    ofMachine.some((file) => readFileSync(file, 'utf8') === byDefault),
    byDefault,
  )
})

test('a container has the shares, the quota and the memory of its resources, and who takes more memory is killed', async () => {
  const { HostConfig } = await inspected('whole', 'app')
  assert.deepEqual([HostConfig.CpuShares, HostConfig.CpuQuota], [102, 25_000])
  const files = {
    cpu: 'cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us || cut -d" " -f1 /sys/fs/cgroup/cpu.max',
    memory: 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max',
  }
  assert.equal(await inside(`(${files.cpu}) 2> /dev/null`), '25000\n')
  assert.equal(await inside(`(${files.memory}) 2> /dev/null`), `${64 * 2 ** 20}\n`)
  await until('it was killed', greedyEnded)
  const { reason, exitCode } = (await stateOf('greedy'))?.terminated ?? {}
  assert.deepEqual([reason, exitCode], ['OOMKilled', 137])
  assert.equal((await inspected('greedy', 'c')).State.OOMKilled, true)
  assert.equal((await inspected('family', 'one')).HostConfig.OomScoreAdj, 1000)
  assert.equal(await inside('cat /proc/1/oom_score_adj'), '985\n')
  const classes = await Promise.all(['greedy', 'whole', 'family'].map(podOf))
  const names = classes.map(({ status }) => status?.qosClass)
  assert.deepEqual(names, ['Guaranteed', 'Burstable', 'BestEffort'])
})

test('a confined container is the user it is told to be, and may do no more than that', async () => {
  await cluster.kubectl(
    ...['wait', 'pod/confined', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'],
  )
  assert.equal(
    await cluster.kubectl('logs', 'confined'),
    `1000
3000 4000
touch: /x: Read-only file system
CapBnd:\t0000000000000400
NoNewPrivs:\t1
Seccomp:\t2
nameserver 10.0.0.9
search a.example
options ndots:2
`,
  )
})

test('an ephemeral container looks into the processes of its target', async () => {
  await cluster.kubectl(
    ...['debug', 'whole', '-c', 'looker', '--image=busybox', '--target=app'],
    ...['--', 'ps', '-o', 'args'],
  )
  await until('it has ended', async () => {
    const { status } = await podOf('whole')
    return status?.ephemeralContainerStatuses?.[0]?.state?.terminated?.exitCode === 0
  })
  const seen = (await cluster.kubectl('logs', 'whole', '-c', 'looker')).split('\n')
  assert.deepEqual(seen, ['COMMAND', 'sleep 100000', 'ps -o args', ''])
})

test('what ends is started again as its policy says, later and later, and its status tells it', async () => {
  // Its first attempt fails, its second does not.
  const script = 'echo x >> /e/n; test $(wc -l < /e/n) -ge 2'
  const pod = (policy: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${policy.toLowerCase()} }
spec:
  restartPolicy: ${policy}
  containers: [{ name: c, image: busybox, command: [sh, -c, '${script}'], volumeMounts: [{ name: e, mountPath: /e }] }]
  volumes: [{ name: e, emptyDir: {} }]
---`
  await cluster.apply(['Never', 'OnFailure', 'Always'].map(pod).join('\n'))
  await until('the one waits that is always started', async () => {
    return (await stateOf('always'))?.waiting?.reason === 'CrashLoopBackOff'
  })
  await until('the one has ended that is started on failure', async () => {
    return (await podOf('onfailure')).status?.phase === 'Succeeded'
  })
  const { phase, conditions } = (await podOf('never')).status ?? {}
  assert.equal(phase, 'Failed')
  const ready = conditions?.find(({ type }: PodCondition) => type === 'Ready')
  assert.deepEqual([ready?.status, ready?.reason], ['False', 'PodFailed'])
  assert.deepEqual(await Promise.all(['never', 'onfailure', 'always'].map(attemptsOf)), [1, 2, 2])
  const { waiting } = (await stateOf('always')) ?? {}
  assert.match(waiting?.message ?? '', /^back-off 10s restarting failed container=c pod=always_/)
  const last = (await podOf('always')).status?.containerStatuses?.[0]?.lastState?.terminated
  assert.deepEqual([last?.exitCode, last?.reason], [0, 'Completed'])
})

test('a pod that writes more than its limits allow is evicted, says of what, and gives back what it wrote', async () => {
  const ends = {
    filling: 'Usage of EmptyDir volume "v" exceeds the limit "2M". ',
    writing: 'Pod ephemeral local storage usage exceeds the total limit of containers 2M. ',
  }
  for (const [name, message] of Object.entries(ends)) {
    await until(`${name} is evicted`, async () => (await podOf(name)).status?.phase === 'Failed')
    const { metadata, status } = await podOf(name)
    assert.deepEqual([status?.reason, status?.message], ['Evicted', message])
    assert.equal((await inspected(name, 'c')).State.Running, false)
    const said = await cluster.kubectl('describe', 'pod', name)
    assert.match(said, new RegExp(`Warning +Evicted .*${message.trim()}`))
    const volumes = join(cluster.dataDir, 'processes', 'agent-node-1', 'pods', metadata.uid ?? '')
    await until('its volumes are gone', () => !existsSync(volumes))
  }
})

test('a pod that takes its node over its threshold of memory is evicted, not its neighbours, and the node tells', async () => {
  await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: swelling }
spec:
  containers:
    - name: c
      image: busybox
      command: [sh, -c, 'head -c 480000000 /dev/zero > /held/bytes; exec sleep 100000']
      volumeMounts: [{ name: held, mountPath: /held }]
  volumes: [{ name: held, emptyDir: { medium: Memory } }]
`)
  await until('it is evicted', async () => (await podOf('swelling')).status?.reason === 'Evicted')
  assert.equal((await inspected('swelling', 'c')).State.Running, false)
  const { metadata } = await podOf('swelling')
  await until('its memory is given back', () => {
    return !readFileSync('/proc/mounts', 'utf8').includes(metadata.uid ?? '')
  })
  for (const name of ['whole', 'family']) {
    const { phase, containerStatuses = [] } = (await podOf(name)).status ?? {}
    assert.equal(phase, 'Running')
    assert.ok(containerStatuses.every(({ restartCount }) => restartCount === 0))
  }
  await until('the node tells it', async () => {
    const said = await cluster.kubectl('describe', 'node', 'node-1')
    const isTainted = said.includes('node.kubernetes.io/memory-pressure:NoSchedule')
    return isTainted && /MemoryPressure +True .*KubeletHasInsufficientMemory/.test(said)
  })
})
