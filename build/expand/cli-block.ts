import { type CliBlock, commandName } from '../../schemas/group.ts'
import { errorAt, quote, type Report } from '../finding.ts'
import { isInDoubt, type OwnedVariant } from './variants.ts'

/** Words that a client's command line has a meaning of its own for. */
const RESERVED = new Set([
  'help',
  'version',
  'completion',
  'playground',
  'benchmark',
  'yara-report',
  'local-mcp',
  'ci',
  'skill',
])

/** The `cli` block of a variant: the group's, overridden by its own; undefined when there is none. */
export function cliOf(owned: OwnedVariant, report: Report): CliBlock | undefined {
  const { group, variant } = owned
  if (group.config.cli === undefined && variant.cli === undefined) return undefined
  if (isInDoubt(owned, 'cli')) return undefined
  const written = { ...group.config.cli, ...variant.cli } as CliBlock
  const implied = written.role === 'command' && variant.id !== 'all' ? { command: variant.id } : {}
  const cli: CliBlock = { ...implied, ...written }
  for (const message of problems(cli)) report(errorAt(cliPlace(owned), { code: 'expand/cli', message }))
  return cli
}

function problems({ role, command, parentCommand, default: isDefault }: CliBlock): string[] {
  const missing =
    role === 'command' && command === undefined
      ? ['Cannot name the command of the variant "all": expected "command" in its cli block']
      : []
  const orphan =
    isDefault === true && parentCommand === undefined
      ? ['Cannot be the default of no family: expected "parentCommand" beside "default"']
      : []
  return [...missing, ...orphan, ...wordProblems(command), ...wordProblems(parentCommand)]
}

/** A command that is implied by the variant's id has not been through a schema. */
function wordProblems(word: string | undefined): string[] {
  if (word === undefined) return []
  if (RESERVED.has(word))
    return [`Cannot use the reserved word ${quote(word)} as a command: expected another`]
  if (commandName.safeParse(word).success) return []
  return [`Cannot use ${quote(word)} as a command: expected 2 to 20 characters in kebab-case`]
}

/** Where the `cli` block of a variant is written. */
export function cliPlace(owned: OwnedVariant): ReturnType<OwnedVariant['place']> {
  const { group, variant } = owned
  if (variant.cli !== undefined) return owned.place(['cli'])
  return { path: group.path, ...group.yaml.valueAt(['cli']) }
}
