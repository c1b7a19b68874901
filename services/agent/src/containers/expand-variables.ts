/** Expands `$(NAME)` as Kubernetes does: `$$` is a dollar sign, and an unknown name is left as it is. */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (match, what: string, name: string) => {
    if (what === '$') return '$'
    return Object.hasOwn(variables, name) ? (variables[name] ?? '') : match
  })
}
