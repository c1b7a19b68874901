/** Modules by their paths: what of them is one file for browsers, and how each other one reaches into it. */
export type Joined = {
  /** Of the first module, all that it imports by itself, and nothing else. */
  readonly text: string
  /** The paths of what is in it. */
  readonly within: ReadonlySet<string>
  /** A module that is loaded later, as it takes from the joined file what is there already. */
  later(path: string, text: string, joinedPath: string): string
}

type Modules = ReadonlyMap<string, string>

/**
 * One module of a first one and of all that it imports by itself, so that a browser asks once and not some seventy
 * times. Each is a function that is called where it stands, the imported before who imports: so it has its names to
 * itself. `pathOf` tells where a library lies. Knows the forms of import and export that the page's code and its
 * libraries have, and throws where one of them imports what is not there. Pure.
 */
export function joinModules(
  modules: Modules,
  first: string,
  pathOf: (library: string) => string,
): Joined {
  const resolve = (named: string, from: string): string =>
    named.startsWith('.') ? new URL(named, `file:///${from}`).pathname.slice(1) : pathOf(named)
  const order: string[] = []
  const open = new Set<string>()
  const visit = (path: string, from: string) => {
    if (order.includes(path)) return
    const text = modules.get(path)
    if (text === undefined) throw new Error(`${from} imports ${path}, which is not there`)
    if (open.has(path)) throw new Error(`${path} imports itself by ${from}`)
    open.add(path)
    for (const named of importedBy(text)) visit(resolve(named, path), path)
    order.push(path)
  }
  visit(first, 'the page')
  const known = new Map<string, Part>()
  const partOf = (named: string, from: string) => known.get(resolve(named, from))
  const texts = order.map((path, index) => {
    const variable = `module${index}`
    const { body, exported } = asFunction(path, modules.get(path) ?? '', partOf)
    known.set(path, { path, variable, exported: new Set(exported.map(([name]) => name)) })
    const moved = body.replace(
      onDemand,
      (_, named: string) => `import('./${resolve(named, path)}')`,
    )
    const answer = exported.map(([name, value]) => `${name}: ${value}`).join(', ')
    return `// ${path}\nconst ${variable} = (() => {\n${moved}\nreturn { ${answer} };\n})();\n`
  })
  const variables = [...known.values()].map(({ variable }) => variable)
  return {
    text: `${texts.join('')}export { ${variables.join(', ')} };\n`,
    within: new Set(order),
    later: (path, text, joinedPath) => {
      const up = '../'.repeat(path.split('/').length - 1) || './'
      return text.replace(imports, (all, whole: string, some: string, named: string) => {
        const part = partOf(named, path)
        if (part === undefined) return all
        return `import { ${part.variable} } from '${up}${joinedPath}'; ${taking(part, whole, some)}`
      })
    },
  }
}

/** A module of the joined file: what it is called there, and what it exports. */
type Part = { path: string; variable: string; exported: ReadonlySet<string> }

const from = `from\\s*["']([^"']+)["'];?`
const imports = new RegExp(`(?<=^|[;\\n])import\\s*(?:(\\w+)|\\{([^}]*)\\})\\s*${from}`, 'g')
const passedOn = new RegExp(`(?<=^|[;\\n])export\\s*\\{([^}]*)\\}\\s*${from}`, 'g')
const listed = /(?<=^|[;\n}])export\s*\{([^}]*)\};?/g
const byDefault = /(?<=^|[;\n])export default (?=function\b)/g
const declared = /(?<=^|\n)export (?=(?:async )?(?:function|class|const) (\w+))/g
const otherForm = /(?<=^|\n)(?:import|export)\b(?!\()/
const onDemand = /\bimport\(['"](\.[^'"]+)['"]\)/g

const importedBy = (text: string): string[] =>
  [...text.matchAll(imports), ...text.matchAll(passedOn)].flatMap((match) => match.at(-1) ?? [])

/** A module's text as the body of a function, and what that is to answer: names, and what each stands for. */
function asFunction(
  path: string,
  text: string,
  partOf: (named: string, from: string) => Part | undefined,
): { body: string; exported: readonly [name: string, value: string][] } {
  const exported: [string, string][] = []
  const imported = (named: string): Part => {
    const part = partOf(named, path)
    if (part === undefined) throw new Error(`${path} imports ${named} before it is there`)
    return part
  }
  const body = text
    .replace(imports, (_, whole: string, some: string, named: string) =>
      taking(imported(named), whole, some),
    )
    .replace(passedOn, (_, some: string, named: string) => {
      const part = imported(named)
      for (const [name, as] of namesIn(some)) exported.push([as, `${part.variable}.${name}`])
      return ''
    })
    .replace(listed, (_, some: string) => {
      for (const [name, as] of namesIn(some)) exported.push([as, name])
      return ''
    })
    .replace(byDefault, () => {
      exported.push(['default', 'byDefault'])
      return 'const byDefault = '
    })
    .replace(declared, (_, name: string) => {
      exported.push([name, name])
      return ''
    })
  if (otherForm.test(body)) throw new Error(`${path} imports or exports in a form of its own`)
  return { body, exported }
}

/** What stands for an import: the default of a module, or some of its names. */
function taking({ path, variable, exported }: Part, whole: string | undefined, some = ''): string {
  const names: readonly (readonly [string, string])[] = whole ? [['default', whole]] : namesIn(some)
  for (const [name] of names) if (!exported.has(name)) throw new Error(`${path} has no ${name}`)
  return `const { ${names.map(([name, as]) => `${name}: ${as}`).join(', ')} } = ${variable};`
}

/** `a as b, c` as pairs of what a name is called where it comes from, and here. */
const namesIn = (some: string): [string, string][] =>
  some
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [name = '', as = name] = each.split(/\s+as\s+/)
      return [name, as]
    })
