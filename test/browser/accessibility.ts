import axe from 'axe-core'
import type { Page } from 'playwright-core'

type Violation = { id: string; nodes: { html: string }[] }

/** What axe reports for a page as it is (contrast, names, landmarks), with the places for each rule. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source)
  const found: { violations: Violation[] } = await page.evaluate('axe.run()')
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)
}

/** The elements that overflow the right edge of a page that can be scrolled sideways. */
export const whatIsTooWide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  const isBeyond = (element) => element.getBoundingClientRect().right > clientWidth
  const named = ({ tagName, className }) => tagName + '.' + className
  const found = [...document.querySelectorAll('body *')].filter(isBeyond).map(named)
  return scrollWidth > clientWidth ? found.join(' ') : ''
})()`
