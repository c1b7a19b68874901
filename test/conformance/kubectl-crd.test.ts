import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cronTab, cronTabs } from '@reckon/api/custom-resources'
import { startKubectlApi } from './kubectl-api.ts'

let started: Awaited<ReturnType<typeof startKubectlApi>>
before(async () => {
  started = await startKubectlApi()
})
after(() => started?.stop())

test('kubectls of three versions define a kind, wait for it, and work with its objects', async () => {
  const [first, ...others] = started.kubectls('1.27', '1.30', '1.33')
  assert.ok(first)
  const definition = await started.manifest(cronTabs)
  assert.match(await first.kubectl('create', '-f', definition), /crontabs\S+ created/)
  for (const { version, kubectl } of [first, ...others]) {
    const established = ['--for=condition=established', '--timeout=10s']
    const waited = await kubectl('wait', 'crd/crontabs.stable.example.com', ...established)
    assert.match(waited, /condition met/, version)
    const same = await kubectl('apply', '-f', await started.manifest(cronTabs))
    assert.match(same, /(unchanged|configured)/, version)

    const name = `tab-${version.replaceAll('.', '-')}`
    const apply = async (spec: object) =>
      kubectl('apply', '-f', await started.manifest(cronTab(name, spec)))
    assert.match(await apply({ replicas: 2 }), /crontab\S+ created/, version)
    assert.match(await apply({ replicas: 3 }), /configured/, version)
    const wrong = await apply({ replicas: 'x' })
    assert.match(wrong, /must be of type integer/, version)
    const row = await kubectl('get', 'ct', name)
    assert.match(row, /NAME +SPEC +REPLICAS +AGE\n\S+ +\* \* \* \* \*\/5 +3 +\S+/, version)
    assert.match(
      await kubectl('describe', 'crontab', name),
      /Cron Spec: +\* \* \* \* \*\/5/,
      version,
    )
    assert.match(await kubectl('scale', 'ct', name, '--replicas=4'), /scaled/, version)
    const explained = await kubectl('explain', 'crontab.spec.cronSpec')
    assert.match(explained, /FIELD: cronSpec <string>.*When it runs\./s, version)
    assert.match(await kubectl('get', 'all'), new RegExp(`crontab\\S+/${name}`), version)
    assert.match(await kubectl('delete', 'ct', name), /deleted/, version)
  }
  const table = await first.kubectl('get', 'crd')
  assert.match(table, /NAME +CREATED AT\ncrontabs.stable.example.com +\d{4}-/)
})
