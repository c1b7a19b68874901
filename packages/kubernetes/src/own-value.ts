/** A map's own value of a name, ignoring what every JavaScript object inherits. */
export function ownValue<V>(
  map: Readonly<Record<string, V>> | undefined,
  name: string,
): V | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined
}
