import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinModules } from './join-modules.ts'

const modules = new Map([
  ['main.ts', "import { two } from './model/two.ts'\nexport const told = two() + ' import'\n"],
  [
    'model/two.ts',
    "import { one as once } from './one.ts'\n" +
      "import library from 'library'\nexport function two() {\n  return library(once + once)\n}\n" +
      "export const open = () => import('./three.ts')\n",
  ],
  ['model/one.ts', "export { name } from 'library'\nexport const one = 1\nconst two = 'my own'\n"],
  ['model/three.ts', "import { two } from './two.ts'\nexport const three = two() + '!'\n"],
  ['library.mjs', 'var a="l";export{a as name};export default function(t){return a+t}'],
])
const pathOf = (name: string) => `${name}.mjs`

/** A text as a module; what it imports by a path is not there. */
const imported = (text: string) => import(`data:text/javascript,${encodeURIComponent(text)}`)

test('modules are joined to one, in which each has its names to itself', async () => {
  const { text, within } = joinModules(modules, 'main.ts', pathOf)
  assert.deepEqual([...within], ['library.mjs', 'model/one.ts', 'model/two.ts', 'main.ts'])
  const { module3, module1 } = await imported(text)
  assert.equal(module3.told, 'l2 import')
  assert.deepEqual(module1, { name: 'l', one: 1 })
  assert.match(text, /import\('\.\/model\/three\.ts'\)/)
})

test('what is loaded later takes what it needs from the joined one', () => {
  const { later } = joinModules(modules, 'main.ts', pathOf)
  const three = later('model/three.ts', modules.get('model/three.ts') ?? '', 'first.mjs')
  assert.match(
    three,
    /import \{ module2 \} from '\.\.\/first\.mjs'; const \{ two: two \} = module2;/,
  )
})

test('what is not there, and what imports itself, is said', () => {
  const missing = new Map([['main.ts', "import { a } from './a.ts'\n"]])
  assert.throws(() => joinModules(missing, 'main.ts', pathOf), /main\.ts imports a\.ts/)
  const round = new Map([...missing, ['a.ts', "import { b } from './main.ts'\n"]])
  assert.throws(() => joinModules(round, 'main.ts', pathOf), /main\.ts imports itself by a\.ts/)
  const unknown = new Map([
    ['main.ts', "import { a } from './a.ts'\n"],
    ['a.ts', 'export const b = 1\n'],
  ])
  assert.throws(() => joinModules(unknown, 'main.ts', pathOf), /a\.ts has no a/)
  const strange = new Map([['main.ts', "import './a.ts'\n"]])
  assert.throws(() => joinModules(strange, 'main.ts', pathOf), /a form of its own/)
})
