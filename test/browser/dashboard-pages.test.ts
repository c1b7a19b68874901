import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startShownCluster } from './shown-cluster.ts'
import { browserHere, startBrowser } from './started-browser.ts'

const executable = browserHere()
const skip = executable === undefined && 'there is no Chromium here: apt-get install chromium'

let cluster: Awaited<ReturnType<typeof startShownCluster>>
let browser: Awaited<ReturnType<typeof startBrowser>>
let page: Page
before(async () => {
  if (executable === undefined) return
  ;[cluster, browser] = await Promise.all([startShownCluster(), startBrowser(executable)])
  page = await browser.open()
  await page.goto(await cluster.openDashboard())
  await page.locator('.tile', { hasText: 'nodes' }).waitFor()
})
after(async () => {
  await browser?.close()
  await cluster?.stop()
})

const goTo = (fragment: string) => page.goto(page.url().replace(/#.*/, fragment))
const click = (name: string) => page.getByRole('button', { name, exact: true }).click()

test('the overview tells what is asked for of each node and of all', { skip }, async () => {
  await cluster.kubectl('create', 'deployment', 'asking', '--image=nginx:1', '--replicas=3')
  await cluster.kubectl('set', 'resources', 'deployment', 'asking', '--requests=cpu=1')
  await cluster.kubectl('rollout', 'status', 'deployment', 'asking')
  await goTo('#/')
  await page.locator('.meter-head', { hasText: /CPU.*3 of \d+ requested/ }).waitFor()
  assert.equal(await page.locator('.node-capacity tbody tr').count(), 3)
  assert.deepEqual(browser.complaints, [])
})

test('a lane tells when a pod was there, and leads to each moment of it', { skip }, async () => {
  await cluster.kubectl('create', 'deployment', 'lanes', '--image=nginx:1')
  await cluster.kubectl('rollout', 'status', 'deployment', 'lanes')
  await goTo('#/timeline?ns=default')
  await click('Show what belongs to lanes')
  await page.getByRole('button', { name: /^Show what belongs to lanes-/ }).click()
  const lane = page.locator('.lane-row', { hasText: /lanes-\w+-\w{5}/ })
  await lane.locator('.lane-part.good').waitFor()
  await lane.locator('a.lane-mark[aria-label^="PodScheduled"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('.frame.past .lane-moment').first().waitFor()
  assert.match(page.url(), /at=\d+/)
  await page.keyboard.press('.')
  assert.deepEqual(browser.complaints, [])
})

test('a key that steps back before the page has read the log is heeded once it has', {
  skip,
}, async () => {
  const other = await browser.open({}, page)
  const heeded = Promise.withResolvers<void>()
  await other.route(/\/events\?follow/, async (route) => {
    await heeded.promise
    await route.continue()
  })
  await other.goto(page.url().replace(/#.*/, '#/'))
  await other.locator('.tile', { hasText: 'nodes' }).waitFor()
  await other.keyboard.press('ArrowLeft')
  assert.doesNotMatch(other.url(), /at=/)
  heeded.resolve()
  await other.waitForURL(/[?&]at=\d+/)
  await other.context().close()
  assert.deepEqual(browser.complaints, [])
})

test('where a pod would go is shown beside where it goes, by an address', { skip }, async () => {
  await cluster.kubectl('create', 'deployment', 'supposed', '--image=nginx:1')
  await cluster.kubectl('rollout', 'status', 'deployment', 'supposed')
  const [name, node] = (
    await cluster.kubectl(
      ...['get', 'pods', '-l', 'app=supposed', '-o'],
      'jsonpath={.items[0].metadata.name} {.items[0].spec.nodeName}',
    )
  ).split(' ')
  await goTo(`#/pods/default/${name}/why`)
  await page.getByRole('link', { name: 'What if?' }).click()
  await page.locator('.side-by-side table.grid').waitFor()
  await click(node ?? '')
  await page.locator('.side-by-side table.grid').nth(1).waitFor()
  const rows = page.locator('.side-by-side table.grid').nth(1).locator('tbody tr')
  assert.equal(await rows.count(), 2)
  await page.getByLabel('CPU').fill('64')
  await page.getByLabel('CPU').press('Enter')
  await page.locator('.side-by-side .state.bad', { hasText: 'nowhere' }).waitFor()
  await page.waitForURL(/[?&]cpu=64/)
  const other = await browser.open({}, page)
  await other.goto(page.url())
  await other.locator('.side-by-side .state.bad', { hasText: 'nowhere' }).waitFor()
  await other.close()
  assert.deepEqual(browser.complaints, [])
})

test('an edit is tried by the API, shown field by field, and done as it was shown', {
  skip,
}, async () => {
  await cluster.kubectl('create', 'configmap', 'edited', '--from-literal=colour=blue')
  await goTo('#/configmaps/default/edited?tab=edit')
  const field = page.getByRole('textbox', { name: 'Edit' })
  await field.waitFor()
  const text = await field.inputValue()
  const colour = () => cluster.kubectl('get', 'configmap', 'edited', '-o', 'jsonpath={.data}')
  await field.fill(text.replace('colour: blue', 'colour: red\n  size: "7"'))
  await click('Try it')
  const fields = page.locator('.edit .fields')
  await fields.waitFor()
  const told = ((await fields.textContent()) ?? '').replaceAll(/\s+/g, ' ')
  assert.match(told, /data\.colour ?blue ?→ ?red.*data\.size ?7/)
  assert.equal(await colour(), '{"colour":"blue"}')
  await click('Apply')
  await page.getByRole('status').filter({ hasText: 'Applied.' }).waitFor()
  assert.equal(await colour(), '{"colour":"red","size":"7"}')
  await field.fill(text.replace('colour: blue', 'colour: [1'))
  await click('Try it')
  await page.getByRole('alert').waitFor()
  await field.fill(text)
  await click('Try it')
  await page.getByRole('alert').filter({ hasText: 'the object has been modified' }).waitFor()
  assert.deepEqual(browser.complaints, [])
})

test('pages that nobody sees leave the browser its connections', { skip }, async () => {
  const tabs: Page[] = []
  while (tabs.length < 4) {
    const tab = await page.context().newPage()
    tabs.push(tab)
    await tab.goto(page.url().replace(/#.*/, '#/nodes'))
    await tab.locator('table.data .name').first().waitFor()
    await tab.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
      document.dispatchEvent(new Event('visibilitychange'))`)
  }
  for (const tab of tabs) await tab.close()
  assert.deepEqual(browser.complaints, [])
})

test('a port of the same host that is handed the cookie has no session by it', {
  skip,
}, async () => {
  const handed: string[] = []
  const other = createServer(({ headers }, reply) => {
    handed.push(headers.cookie ?? '')
    reply.setHeader('content-type', 'text/html').end('<title>another port</title>')
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  assert.ok(typeof address === 'object' && address)
  try {
    const { origin } = new URL(page.url())
    const there = await browser.open({}, page)
    await there.goto(`http://127.0.0.1:${address.port}/`)
    const cookie = handed.find((each) => each.includes('reckon-dashboard')) ?? ''
    assert.match(cookie, /reckon-dashboard-\d+=/, 'browsers show cookies to every port')
    const status = async (headers: Record<string, string>, path = '/api/v1/secrets') =>
      (await fetch(`${origin}${path}`, { headers })).status
    assert.equal(await status({ cookie }), 401)
    assert.equal(await status({ cookie, 'x-reckon-ui': 'guessed' }), 401)
    // A form or a script of a page there: the browser sends the cookie, the other half is not its.
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' } })
    await there.evaluate(`fetch('${origin}/api/v1/namespaces/default/configmaps', {
      method: 'POST', mode: 'no-cors', credentials: 'include', body: ${JSON.stringify(body)} }).catch(() => {})`)
    await there.setContent(`<form method="post" enctype="text/plain"
      action="${origin}/api/v1/namespaces/default/configmaps">
      <input name='${body.slice(0, -1)},"a":"' value='"}'><button>go</button></form>`)
    await there.getByRole('button', { name: 'go' }).click()
    await there.getByText('only the page of this proxy may ask that').waitFor()
    const made = cluster.kubectl('get', 'configmap', 'made')
    await assert.rejects(made, /"made" not found/)
    await there.close()
  } finally {
    other.close()
    other.closeAllConnections()
  }
})
