import { Option } from 'commander'

/** The option `-o`: `json` for programs, and a command's other formats; anything else is refused. */
export const outputOption = (
  description = 'for programs',
  formats: readonly string[] = ['json'],
): Option => new Option('-o, --output <format>', description).choices(formats)
