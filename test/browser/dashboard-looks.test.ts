import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { violationsOn, whatIsTooWide } from './accessibility.ts'
import { startShownCluster } from './shown-cluster.ts'
import { browserHere, startBrowser } from './started-browser.ts'

const executable = browserHere()
const skip = executable === undefined && 'there is no Chromium here: apt-get install chromium'

let cluster: Awaited<ReturnType<typeof startShownCluster>>
let browser: Awaited<ReturnType<typeof startBrowser>>
let first: Page
let pod = ''
let earlier = ''
let patched = ''
before(async () => {
  if (executable === undefined) return
  ;[cluster, browser] = await Promise.all([startShownCluster(), startBrowser(executable)])
  first = await browser.open()
  await first.goto(await cluster.openDashboard())
  const { kubectl } = cluster
  await kubectl('create', 'ingress', 'site', '--rule=site.test/*=web:80')
  earlier = await positionNow()
  await kubectl('create', 'deployment', 'web', '--image=nginx:1', '--replicas=2')
  await kubectl('rollout', 'status', 'deployment', 'web')
  await kubectl('create', 'configmap', 'kept', '--from-literal=colour=blue')
  await kubectl('patch', 'configmap', 'kept', '-p', '{"data":{"colour":"red"}}')
  patched = await kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.metadata.resourceVersion}')
  await kubectl('create', 'deployment', 'large', '--image=large:1')
  await kubectl('set', 'resources', 'deployment', 'large', '--requests=cpu=64')
  pod = (await kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).split(/\s/)[0] ?? ''
  pod = pod.replace('pod/', '')
})
after(async () => {
  await browser?.close()
  await cluster?.stop()
})

async function positionNow(): Promise<string> {
  const told = await cluster.kubectl('get', '--raw', '/apis/history.reckon.dev/v1/position')
  const { position }: { position: string } = JSON.parse(told)
  return position
}

type Looked = { fragment: string; shown: string; press?: readonly string[] }

/** Each page, with what is there once it is drawn, and what is pressed to see all of it. */
const looked = (): readonly Looked[] => [
  { fragment: '#/', shown: '.capacity .meter' },
  { fragment: `#/?vs=${earlier}`, shown: '.deltas' },
  { fragment: '#/events?q=nodecreated', shown: '.events td' },
  { fragment: `#/changes?vs=${earlier}`, shown: '.differences li' },
  { fragment: '#/changes', shown: '.choices button' },
  { fragment: '#/timeline?open=deployments.apps/default/web', shown: '.lane-part' },
  { fragment: '#/routes?host=site.test', shown: '.route li' },
  { fragment: '#/kinds', shown: 'main a' },
  { fragment: '#/nodes', shown: '.node-box .square' },
  { fragment: `#/pods?vs=${earlier}`, shown: 'tr[data-mark="+"]' },
  { fragment: `#/pods?at=${patched}`, shown: '.frame.past table.data .name' },
  { fragment: '#/nodes/-/node-1', shown: '.conditions li' },
  { fragment: '#/configmaps/default/kept?tab=history', shown: '.history li' },
  { fragment: '#/configmaps/default/kept?tab=blame', shown: 'main table td' },
  { fragment: '#/configmaps/default/kept?tab=yaml', shown: 'pre.yaml' },
  {
    fragment: '#/configmaps/default/kept?tab=edit',
    shown: 'textarea.yaml',
    press: ['Try it'],
  },
  { fragment: `#/pods/default/${pod}?tab=logs`, shown: '[role=log]' },
  { fragment: `#/pods/default/${pod}?tab=terminal`, shown: 'button.primary' },
  { fragment: `#/pods/default/${pod}/why`, shown: 'table.grid td' },
  { fragment: `#/pods/default/${pod}/what-if?cpu=1`, shown: '.side-by-side table.grid td' },
  { fragment: '#/deployments.apps/default/web/cause', shown: '.trace li' },
  { fragment: `#/undo/${patched}`, shown: '.differences li' },
  { fragment: '#/deployments.apps/default/web', shown: '.owned li', press: ['Scale'] },
  { fragment: '#/nodes/-/node-2', shown: '.conditions li', press: ['Cordon'] },
  { fragment: '#/pods', shown: 'table.data .name', press: ['Keys'] },
]

for (const isDark of [false, true]) {
  const look = isDark ? 'dark' : 'light'
  test(`nothing of any page is hard to see or to reach in ${look}, nor against its policy`, {
    skip,
  }, async () => {
    const page = await browser.open({ isDark }, first)
    await page.goto(first.url())
    for (const { fragment, shown, press = [] } of looked()) {
      await page.goto(first.url().replace(/#.*/, fragment))
      await page.reload()
      await page.locator(shown).first().waitFor()
      for (const name of press) await page.getByRole('button', { name, exact: true }).click()
      assert.deepEqual(await violationsOn(page), [], `${fragment} ${press.join()}`)
    }
    await page.goto(first.url().replace(/#.*/, '#/'))
    await page.keyboard.press(':')
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await violationsOn(page), [], 'the palette')
    const stranger = await browser.open({ isDark })
    await stranger.goto(first.url().replace(/#.*/, '#/'))
    await stranger.getByRole('button', { name: 'Sign in' }).waitFor()
    assert.deepEqual(await violationsOn(stranger), [], 'who is not signed in')
    // A violation of the Content-Security-Policy is an error of the console.
    assert.deepEqual(browser.complaints, [])
  })
}

test('every page is within a phone', { skip }, async () => {
  const page = await browser.open({ width: 320, height: 640 }, first)
  await page.goto(first.url())
  for (const { fragment, shown } of looked()) {
    await page.goto(first.url().replace(/#.*/, fragment))
    await page.locator(shown).first().waitFor()
    assert.equal(await page.evaluate(whatIsTooWide), '', fragment)
  }
})
