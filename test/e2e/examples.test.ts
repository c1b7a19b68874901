import { after, before, test } from 'node:test'
import { isHelmBuilt } from '../helm.ts'
import { openCluster, type TestCluster } from './cluster.ts'
import { followReadme } from './follow-readme.ts'

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('examples')
  await cluster.up()
})
after(() => cluster?.reset())

const needsHelm = 'needs the real Helm: `node test/helm.ts` builds it'

for (const example of ['lifecycle', 'why-k8s', 'principles', 'principles/page']) {
  const isWithout = example === 'principles/page' && !isHelmBuilt()
  test(
    `the README of ${example}, command by command, prints what it tells`,
    {
      skip: isWithout ? needsHelm : false,
    },
    () => followReadme(`examples/${example}/README.md`, cluster),
  )
}
