/** `default/web`, or `/node-1` of what has no namespace: an object among those of its resource. */
export const objectKey = ({ namespace = '', name }: Named): string => `${namespace}/${name}`

type Named = { namespace?: string | undefined; name: string }

/** The two halves of such a key. */
export const namesOf = (key: string): [namespace: string, name: string] => {
  const [namespace = '', name = ''] = key.split('/')
  return [namespace, name]
}
