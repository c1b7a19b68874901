import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { kubectlsOfTests, run } from './kubectl-run.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const kubectls = await kubectlsOfTests()
const soon = '--timeout=120s'

/** Three images of one name for each runtime, and who works with them. */
const runtimes = {
  simulated: { images: ['web:1', 'web:2', 'web:3'], by: kubectls },
  docker: {
    images: ['nginx:1.8', 'nginx:1.15', 'nginx:latest'],
    by: isLong ? kubectls : kubectls.slice(0, 1),
  },
}

type Listed = {
  items: {
    metadata: {
      name: string
      uid: string
      annotations?: Record<string, string>
      ownerReferences?: { uid: string }[]
    }
    spec: { replicas?: number; template: { spec: { containers: { image: string }[] } } }
  }[]
}

for (const [runtime, { images, by }] of Object.entries(runtimes)) {
  describe(`on ${runtime} nodes`, () => {
    let cluster: TestCluster
    before(async () => {
      cluster = await openCluster(`rollouts-${runtime}`)
      await cluster.up('--runtime', runtime, '--nodes', '2')
    })
    after(() => cluster?.reset())
    const [first, second, third] = images

    for (const { path, version } of by) {
      const namespace = `with-${version.replaceAll('.', '-')}`
      const kubectl = async (...args: string[]) => {
        const { code, stdout, stderr } = await run(path, ['-n', namespace, ...args], cluster)
        assert.equal(code, 0, `kubectl ${args.join(' ')}\n${stdout}${stderr}`)
        return stdout
      }
      const list = async (kind: string) =>
        JSON.parse(await kubectl('get', kind, '-o', 'json')) as Listed
      const imageOf = (item: Listed['items'][0] | undefined) =>
        item?.spec.template.spec.containers[0]?.image
      const status = () => kubectl('rollout', 'status', 'deployment/web', soon)

      test(`kubectl ${version}: a Deployment is made, scaled, updated, undone, paused, resumed and restarted`, async () => {
        await kubectl('create', 'namespace', namespace)
        await kubectl('create', 'deployment', 'web', `--image=${first}`, '--replicas=3')
        assert.match(await status(), /deployment "web" successfully rolled out\n$/)
        await kubectl('scale', 'deployment/web', '--replicas=5')
        await kubectl('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=5', soon)
        assert.match(await kubectl('get', 'deployment'), /^web +5\/5 +5 +5 +[\dms]+$/m)

        await kubectl('set', 'image', 'deployment/web', `*=${second}`)
        await status()
        const history = await kubectl('rollout', 'history', 'deployment/web')
        assert.match(history, /^1 +<none>\n2 +<none>$/m)
        assert.match(
          await kubectl('rollout', 'history', 'deployment/web', '--revision=1'),
          RegExp(`Image:\\s+${first}\\n`),
        )

        await kubectl('rollout', 'undo', 'deployment/web', '--to-revision=1')
        await status()
        assert.equal(imageOf((await list('deployment')).items[0]), first)
        assert.match(
          await kubectl('rollout', 'history', 'deployment/web'),
          /^2 +<none>\n3 +<none>$/m,
        )
        const sets = (await list('rs')).items
        const again = sets.find((set) => imageOf(set) === first)
        const told = again?.metadata.annotations ?? {}
        assert.equal(told['deployment.kubernetes.io/revision'], '3')
        assert.equal(told['deployment.kubernetes.io/revision-history'], '1')

        await kubectl('rollout', 'pause', 'deployment/web')
        await kubectl('set', 'image', 'deployment/web', `*=${third}`)
        await kubectl('wait', 'deployment/web', '--for=condition=Progressing=Unknown', soon)
        assert.equal((await list('rs')).items.length, 2)
        await kubectl('rollout', 'resume', 'deployment/web')
        await status()
        assert.equal((await list('rs')).items.length, 3)

        const before = (await list('pods')).items.map(({ metadata }) => metadata.uid)
        await kubectl('rollout', 'restart', 'deployment/web')
        await status()
        const since = await list('pods')
        assert.ok(since.items.some(({ metadata }) => !before.includes(metadata.uid)))
      })

      test(`kubectl ${version}: who deletes an owner says what becomes of what it owns`, async () => {
        await kubectl('create', 'deployment', 'left', `--image=${first}`)
        await kubectl('rollout', 'status', 'deployment/left', soon)
        await kubectl('delete', 'deployment', 'left', '--cascade=orphan')
        const ofLeft = async () =>
          (await list('rs')).items.filter(({ metadata }) => metadata.name.startsWith('left-'))
        const [set] = await ofLeft()
        assert.deepEqual([set?.spec.replicas, set?.metadata.ownerReferences], [1, undefined])
        await kubectl('delete', 'rs', set?.metadata.name ?? '', '--cascade=foreground')
        const podsLeft = await kubectl('get', 'pods', '-l', 'app=left')
        assert.equal(podsLeft, '')
        await kubectl('delete', 'deployment', 'web', '--cascade=background')
        await until('all are gone', async () => (await list('rs,pods')).items.length === 0)
        await kubectl('delete', 'namespace', namespace)
      })
    }
  })
}
