import {
  isArrowFunction,
  isAsExpression,
  isFunctionDeclaration,
  isFunctionExpression,
  isFunctionTypeNode,
  isIdentifier,
  isMethodDeclaration,
  isMethodSignatureDeclaration,
  isNonNullExpression,
  isTypeAssertion,
  isTypePredicateNode,
  isTypeReferenceNode,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'

/** A place where the compiler trusts the code about a type. */
export type Assertion = { path: string; line: number; text: string }

/** Every such place of a file: `as X`, `<X>x`, `x!`, `x is X`, and a result whose type only the caller names. */
export function assertionsOf(file: SourceFile, path: string): Assertion[] {
  const found: Assertion[] = []
  const visit = (node: Node): void => {
    if (asserts(node)) {
      const start = node.getStart(file)
      const line = file.text.slice(0, start).split('\n').length
      const [text = ''] = file.text.slice(start, node.end).split('\n')
      found.push({ path, line, text })
    }
    node.forEachChild(visit)
  }
  visit(file)
  return found
}

function asserts(node: Node): boolean {
  if (isAsExpression(node) || isTypeAssertion(node)) return !isConst(node.type)
  if (isTypePredicateNode(node)) return node.type !== undefined
  return isNonNullExpression(node) || namesItsOwnResult(node)
}

const isConst = (type: Node): boolean =>
  isTypeReferenceNode(type) && isIdentifier(type.typeName) && type.typeName.text === 'const'

/** Whether the result has a type parameter that no argument determines. */
function namesItsOwnResult(node: Node): boolean {
  if (!isGeneric(node)) return false
  const { typeParameters = [], parameters, type: result } = node
  return typeParameters.some(
    ({ name }) =>
      result !== undefined &&
      mentions(result, name.text) &&
      !parameters.some(({ type }) => type !== undefined && mentions(type, name.text)),
  )
}

const isGeneric = (node: Node) =>
  isFunctionDeclaration(node) ||
  isFunctionExpression(node) ||
  isArrowFunction(node) ||
  isMethodDeclaration(node) ||
  isMethodSignatureDeclaration(node) ||
  isFunctionTypeNode(node)

function mentions(node: Node, name: string): boolean {
  if (isIdentifier(node) && node.text === name) return true
  return node.forEachChild((child) => mentions(child, name) || undefined) ?? false
}
