import { after, before, test } from 'node:test'
import { withoutHelm } from '../helm.ts'
import { openCluster, type TestCluster } from './cluster.ts'
import { followReadme } from './follow-readme.ts'

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('examples')
  await cluster.up()
})
after(() => cluster?.reset())

for (const readme of [
  'examples/lifecycle/README.md',
  'examples/why-k8s/README.md',
  'examples/principles/README.md',
  'examples/principles/page/README.md',
]) {
  test(
    `${readme}, command by command, prints what it tells`,
    {
      skip: readme.includes('/page/') && withoutHelm,
    },
    () => followReadme(readme, cluster),
  )
}
