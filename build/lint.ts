import type { Diagnostic } from '../schemas/diagnostic.ts'
import type { ExpandedTree } from './expanded.ts'
import { EXCUSED, errorAt, type Report, warningAt } from './finding.ts'
import type { Library } from './library.ts'
import { dearModel } from './lint/dear-model.ts'
import { injection } from './lint/injection-rule.ts'
import { deadAnchor, deadLink, linkOutside } from './lint/links.ts'
import { mixedScript } from './lint/mixed-script.ts'
import { restatedContract } from './lint/restated-contract.ts'
import type { Rule, Said, Tell } from './lint/rule.ts'
import { secret } from './lint/secret-rule.ts'
import { skillLimits, skillSize } from './lint/skill-size.ts'
import { subjectOf, type Unit, withoutUnits } from './lint/subject.ts'
import { unansweredLink } from './lint/unanswered-link.ts'
import { unusedSkill } from './lint/unused-skill.ts'
import { openWaivers, type Waivers } from './lint/waivers.ts'
import { wizardOnlyId } from './lint/wizard-only-id.ts'
import type { Stage } from './memo.ts'

/** Every rule for authors, in the order in which `docs/rules.md` tells them. */
export const RULES: readonly Rule[] = [
  secret,
  injection,
  mixedScript,
  deadLink,
  deadAnchor,
  linkOutside,
  unansweredLink,
  skillLimits,
  skillSize,
  unusedSkill,
  dearModel,
  restatedContract,
  wizardOnlyId,
]

/** Holds a tree against every rule, and takes out what must not be served. */
export function lint(tree: ExpandedTree, library: Library, { report, memo }: Stage): ExpandedTree {
  const subject = subjectOf(tree, library, memo)
  const waivers = openWaivers(library, report)
  const blamed = new Set<Unit>()
  for (const rule of RULES) rule.check(subject, teller(rule, { waivers, blamed, report }))
  waivers.tellUnused(report)
  return withoutUnits(tree, blamed)
}

interface Desk {
  readonly waivers: Waivers
  readonly blamed: Set<Unit>
  readonly report: Report
}

function teller({ code, severity }: Rule, { waivers, blamed, report }: Desk): Tell {
  const at = severity === 'error' ? errorAt : warningAt
  return (place, said) => {
    if (said.evidence !== undefined && waivers.waives(code, place.path, said.evidence)) return false
    const answer = report(at(place, findingOf(code, said)))
    if (severity === 'error' && answer !== EXCUSED) for (const unit of said.units ?? []) blamed.add(unit)
    return true
  }
}

function findingOf(code: Diagnostic['code'], { message, fix }: Said) {
  return { code, message, fix }
}
