/** The key of an object among those of its resource: `default/web`, or `/node-1` without a namespace. */
export const objectKey = ({ namespace = '', name }: Named): string => `${namespace}/${name}`

type Named = { namespace?: string | undefined; name: string }

/** Splits such a key. */
export const namesOf = (key: string): [namespace: string, name: string] => {
  const [namespace = '', name = ''] = key.split('/')
  return [namespace, name]
}
