import { startedApi } from '@reckon/api/fixture'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { pods } from '@reckon/kubernetes'
import { createObject } from '@reckon/writing'
import type { Page } from 'playwright-core'
import { browserHere, startBrowser } from '../browser/started-browser.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { samplePod } from './sample-history.ts'

const podCounts: Record<Size, number> = { tiny: 200, usual: 5_000, full: 5_000 }
const samples: Record<Size, number> = { tiny: 2, usual: 7, full: 15 }
const steps: Record<Size, number> = { tiny: 5, usual: 30, full: 60 }
const changesEachSecond = 1_000
const changingMs = 2_000
const origin = { actor: { user: 'bench' }, verb: 'create' }

type Api = Awaited<ReturnType<typeof startedApi>>
type Browser = Awaited<ReturnType<typeof startBrowser>>
type Bench = { api: Api; browser: Browser; url: string; size: Size }

export const dashboard: Benchmark = {
  name: 'dashboard',
  about:
    'The dashboard in a real browser, over an api in memory that this process is: what a viewer waits for, against its budgets. Where one is exceeded, the command fails.',
  onlyIfNamed: true,
  async run(size) {
    const executable = browserHere()
    if (executable === undefined) throw new Error('there is no Chromium here')
    const api = await startedApi({ over: createMemoryEventLog() })
    const browser = await startBrowser(executable)
    try {
      await createPods(api, 'pod', podCounts[size])
      await api.ports.reader.waitForHead(60_000)
      const url = `${await api.app.listen({ port: 0, host: '127.0.0.1' })}/ui/`
      // Who comes first has the api read its files.
      await (await fetch(url)).text()
      const bench = { api, browser, url, size }
      const rows = [
        await firstPaint(bench),
        ...(await manyPods(bench)),
        await filtering(bench),
        await stepping(bench),
        await changing(bench),
      ]
      if (rows.some(({ budget }) => budget === 'exceeded')) process.exitCode = 1
      return rows
    } finally {
      await browser.close()
      await api.close()
    }
  },
}

async function createPods({ ports }: Api, name: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const { uid: _, ...metadata } = samplePod(`${name}-${n}`, { namespace: 'default' }).metadata
    const object = { ...samplePod(`${name}-${n}`), metadata }
    await createObject(ports, { resource: pods, object, origin })
  }
}

const judged = (what: string, ms: number, budgetMs: number): Row => ({
  ...{ what, ms: shown(ms), 'budget ms': budgetMs },
  budget: ms <= budgetMs ? 'kept' : 'exceeded',
})

/**
 * Notes when a condition of the page holds first, once that is painted; counted from what `performance.timeOrigin` is.
 * It looks when the document changes, and seldom besides: who looked at each frame would have each drawn.
 */
const painted = (condition: string) => `new Promise((resolve) => {
  const look = () => {
    if (!(${condition})) return
    changed.disconnect()
    clearInterval(seldom)
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
  }
  const changed = new MutationObserver(look)
  changed.observe(document, { subtree: true, childList: true, attributes: true })
  const seldom = setInterval(look, 250)
  look()
})`

/** For each window the browser loads some four hundred modules of its own: until then a viewer goes nowhere. */
const settleMs = 3_000

/** Windows in which nothing was seen yet. */
async function openWindows({ browser, size }: Bench): Promise<readonly Page[]> {
  const pages: Page[] = []
  while (pages.length < samples[size]) pages.push(await browser.open())
  await pages[0]?.waitForTimeout(settleMs)
  return pages
}

async function firstPaint(bench: Bench): Promise<Row> {
  const all = new Latencies()
  for (const page of await openWindows(bench)) {
    await page.goto(bench.url)
    await page.locator('.tile').first().waitFor()
    const paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    all.addMs(await page.evaluate<number>(paint))
    await page.context().close()
  }
  return judged('first paint, cold, p50', all.percentileMs(0.5), 500)
}

const rowsOf = (count: number) =>
  `document.querySelector('.table-box[aria-busy="false"] table.data')
    ?.getAttribute('aria-rowcount') === '${count + 1}'`
const someRows = "document.querySelector('table.data td.name') !== null"

/** Until some of them are seen, and until all are there. */
async function manyPods(bench: Bench): Promise<Row[]> {
  const { url, size } = bench
  const [first, all] = [new Latencies(), new Latencies()]
  const both = `Promise.all([${painted(someRows)}, ${painted(rowsOf(podCounts[size]))}])`
  for (const page of await openWindows(bench)) {
    await page.goto(`${url}#/pods`, { waitUntil: 'commit' })
    const [firstMs, allMs] = await page.evaluate<[number, number]>(both)
    first.addMs(firstMs)
    all.addMs(allMs)
    await page.context().close()
  }
  const what = `${shown(podCounts[size])} pods on screen, cold, p50`
  return [
    { what: `the first of ${what}`, ms: shown(first.percentileMs(0.5)) },
    judged(what, all.percentileMs(0.5), 700),
  ]
}

async function openPods({ browser, url, size }: Bench): Promise<Page> {
  const page = await browser.open()
  await page.goto(`${url}#/pods`)
  await page.evaluate(painted(rowsOf(podCounts[size])))
  return page
}

/** From the key to the frame that shows what it led to. */
async function filtering(bench: Bench): Promise<Row> {
  const page = await openPods(bench)
  await page.evaluate(`globalThis.took = []
    globalThis.look = () => {}
    document.addEventListener('input', ({ timeStamp }) => requestAnimationFrame(() =>
      setTimeout(() => {
        globalThis.took.push(performance.now() - timeStamp)
        globalThis.look()
      })), true)`)
  await page.keyboard.press('/')
  const all = new Latencies()
  for (const key of 'pod-1 !9 running') {
    const before = await page.evaluate<number>('globalThis.took.length')
    await page.keyboard.type(key)
    // The page's policy lets nothing look by itself that came as a text.
    await page.evaluate(`new Promise((resolve) => {
      globalThis.look = () => globalThis.took.length > ${before} && resolve()
      globalThis.look()
    })`)
  }
  for (const ms of await page.evaluate<number[]>('globalThis.took')) all.addMs(ms)
  await page.context().close()
  return judged('a key in the filter, painted, p95', all.percentileMs(0.95), 50)
}

/** The page reads the log once the table is there: before, it knows of no moment to step to. */
async function enterPast(page: Page): Promise<void> {
  const past = page.locator('.frame.past')
  const isEntered = () =>
    past.waitFor({ timeout: 500 }).then(
      () => true,
      () => false,
    )
  do await page.keyboard.press('ArrowLeft')
  while (!(await isEntered()))
}

/** Each step is to a moment that was not seen before; what the api took to answer is left out. */
async function stepping(bench: Bench): Promise<Row> {
  const page = await openPods(bench)
  await enterPast(page)
  await page.evaluate(`document.addEventListener('keydown', ({ timeStamp }) => {
    globalThis.began = timeStamp
    performance.clearResourceTimings()
  }, true)`)
  const all = new Latencies()
  for (let n = 0; n < steps[bench.size]; n++) {
    await page.keyboard.press('ArrowLeft')
    const shownMs = await page.evaluate<number>(
      painted(`performance.getEntriesByType('resource').some(({ name, responseEnd }) =>
        name.includes('/at/') && name.endsWith('/pods') && responseEnd > 0) &&
        document.querySelector('.table-box[aria-busy="false"]') !== null`),
    )
    const [began = 0, asked = 0] = await page.evaluate<number[]>(`[globalThis.began,
      ...performance.getEntriesByType('resource').filter(({ name }) =>
        name.includes('/at/') && name.endsWith('/pods')).map((each) => each.responseEnd - each.startTime)]`)
    all.addMs(shownMs - began - asked)
  }
  await page.context().close()
  return judged('a step of the time bar beyond the read, p95', all.percentileMs(0.95), 150)
}

/** The longest task of the page while pods come. */
async function changing(bench: Bench): Promise<Row> {
  const page = await openPods(bench)
  await page.evaluate(`globalThis.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
    }).observe({ type: 'longtask' })`)
  const begunMs = performance.now()
  let made = 0
  while (performance.now() - begunMs < changingMs) {
    const due = ((performance.now() - begunMs) / 1_000) * changesEachSecond
    if (made < due) await createPods(bench.api, `new-${made++}`, 1)
    else await new Promise((resolve) => setImmediate(resolve))
  }
  await page.evaluate(painted(rowsOf(podCounts[bench.size] + made)))
  const longestMs = await page.evaluate<number>('globalThis.longest')
  const each = shown((made / changingMs) * 1_000)
  return judged(`${each} changes a second: the longest task over 50`, longestMs, 50)
}
