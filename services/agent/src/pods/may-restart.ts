import { containersOf, type Pod } from '@reckon/kubernetes'

/** Whether a container that has ended may be restarted. */
export const mayRestart = ({ spec }: Pod, name: string): boolean =>
  spec.restartPolicy !== 'Never' ||
  containersOf(spec).some((each) => each.name === name && each.restartPolicy === 'Always')
