import type { GroupSkill } from '../expanded.ts'
import { errorAt, quote, type Report } from '../finding.ts'

/** Tells commands of different skills that a client's command line could not tell apart. */
export function checkCommands(skills: readonly GroupSkill[], report: Report): void {
  const commands = skills.filter(({ cli }) => cli?.role === 'command')
  const families = new Set(commands.flatMap(({ cli }) => cli?.parentCommand ?? []))
  for (const [skill, twin] of repeated(commands, nameOf)) {
    const message = `Cannot use the command ${quote(nameOf(skill))} for ${quote(skill.id)}: it belongs to ${quote(twin.id)}, expected another`
    tell(skill, message, report)
  }
  for (const skill of commands) {
    if (skill.cli?.parentCommand !== undefined || !families.has(nameOf(skill))) continue
    const message = `Cannot use the command ${quote(nameOf(skill))} for ${quote(skill.id)}: a family has that name, expected another`
    tell(skill, message, report)
  }
  const defaults = skills.filter(({ cli }) => cli?.default === true && cli.parentCommand !== undefined)
  for (const [skill, first] of repeated(defaults, ({ cli }) => cli?.parentCommand ?? '')) {
    const message = `Cannot make ${quote(skill.id)} the default of ${quote(skill.cli?.parentCommand)} beside ${quote(first.id)}: expected one`
    tell(skill, message, report)
  }
}

function nameOf({ cli }: GroupSkill): string {
  return [cli?.parentCommand ?? [], cli?.command ?? []].flat().join(' ')
}

/** Each skill whose key an earlier one has, with that one. */
function repeated(
  skills: readonly GroupSkill[],
  keyOf: (skill: GroupSkill) => string,
): [GroupSkill, GroupSkill][] {
  const first = new Map<string, GroupSkill>()
  return skills.flatMap((skill) => {
    const earlier = first.get(keyOf(skill))
    if (earlier !== undefined) return [[skill, earlier] as [GroupSkill, GroupSkill]]
    first.set(keyOf(skill), skill)
    return []
  })
}

function tell(skill: GroupSkill, message: string, report: Report): void {
  report(errorAt(skill.cliPlace, { code: 'link/cli', message }))
}
