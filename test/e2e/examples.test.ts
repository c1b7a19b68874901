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

for (const example of ['lifecycle', 'why-k8s', 'principles', 'principles/page']) {
  test(
    `the README of ${example}, command by command, prints what it tells`,
    {
      skip: example === 'principles/page' && withoutHelm,
    },
    () => followReadme(`examples/${example}/README.md`, cluster),
  )
}
