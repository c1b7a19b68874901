/** Replaces `$(NAME)` by its value as Kubernetes does: `$$` is a dollar, an unknown name stays as it is written. */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (match, what: string, name: string) => {
    if (what === '$') return '$'
    return Object.hasOwn(variables, name) ? (variables[name] ?? '') : match
  })
}
