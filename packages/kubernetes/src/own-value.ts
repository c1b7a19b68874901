/** What a map has under a name of its own; what every JavaScript object inherits is nobody's label or resource. */
export function ownValue<V>(
  map: Readonly<Record<string, V>> | undefined,
  name: string,
): V | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined
}
