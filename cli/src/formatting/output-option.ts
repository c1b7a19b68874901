import { Option } from 'commander'

/** `-o json`, for programs, or what else a command has; anything else is refused. */
export const outputOption = (
  description = 'for programs',
  formats: readonly string[] = ['json'],
): Option => new Option('-o, --output <format>', description).choices(formats)
