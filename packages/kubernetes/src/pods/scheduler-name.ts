/** What upstream's scheduler is called: the one that places pods which name none. */
export const schedulerNameDefault = 'default-scheduler'

/** Who places pods of such a spec; a scheduler's profile says by the same field whose pods it is for. */
export const schedulerNameOf = ({
  schedulerName = schedulerNameDefault,
}: {
  readonly schedulerName?: string | undefined
}): string => schedulerName
