import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { comparePaths } from '../content-path.ts'
import type { Release } from '../release.ts'
import { type Estimate, estimateTokens } from '../tokens.ts'
import { textOf } from '../unpack.ts'
import { meantBy, type ServedSkill, servedSkills } from './served-skills.ts'

/** Estimated tokens of a skill, by what an agent reads when. */
export interface SkillBudget {
  readonly skill: string
  /** Of its SKILL.md, which an agent reads first. */
  readonly main: number
  /** Of what is in `references/`, which an agent reads when it is sent there. */
  readonly references: number
  /** Of every text in it, scripts and assets included. */
  readonly total: number
}

/** Estimated tokens that one task starts with, before its input, handoffs and tools. */
export interface PromptBudget {
  readonly flow: string
  readonly type: string
  readonly prompt: number
  /** Of what the client tells every task, or every seed. */
  readonly contract: number
  /** Of the lines that point at its skills. */
  readonly pointers: number
  readonly total: number
  /** Of every SKILL.md that it is pointed at; of several variants, the longest counts. */
  readonly reads: number
}

/** What a release costs its readers, the dearest first. */
export interface Budget {
  readonly prompts: readonly PromptBudget[]
  readonly skills: readonly SkillBudget[]
}

/** What is at hand already when a budget is asked for. */
export interface BudgetOptions {
  /** Every skill of the release, unpacked. */
  readonly served?: readonly ServedSkill[]
  /** Tells what {@link estimateTokens} tells. */
  readonly estimate?: Estimate
}

/** Estimates the tokens of every skill and every prompt of a release. */
export function budgetOf(
  release: Release,
  { served = servedSkills(release), estimate = estimateTokens }: BudgetOptions = {},
): Budget {
  const skills = served.map((skill) => skillBudget(skill, estimate))
  const main = new Map(skills.map((budget) => [budget.skill, budget.main]))
  return {
    prompts: release.index.flows
      .flatMap(({ flow, file }) => promptBudgets(flow, textIn(release, file), { served, main, estimate }))
      .sort((a, b) => b.total - a.total || comparePaths(a.flow, b.flow) || comparePaths(a.type, b.type)),
    skills: skills.sort((a, b) => b.total - a.total || comparePaths(a.skill, b.skill)),
  }
}

function textIn({ artifacts }: Release, file: string): string {
  return new TextDecoder().decode(artifacts.get(file)?.bytes)
}

function skillBudget({ id, files }: ServedSkill, estimate: Estimate): SkillBudget {
  let [main, references, total] = [0, 0, 0]
  for (const [path, bytes] of files) {
    const tokens = estimate(textOf(bytes) ?? '')
    total += tokens
    if (path === 'SKILL.md') main += tokens
    if (path.startsWith('references/')) references += tokens
  }
  return { skill: id, main, references, total }
}

interface Shelf {
  readonly served: readonly ServedSkill[]
  readonly main: ReadonlyMap<string, number>
  readonly estimate: Estimate
}

function promptBudgets(flow: string, bundle: string, shelf: Shelf): PromptBudget[] {
  const { agents, contracts } = flowBundleSchema.parse(JSON.parse(bundle))
  const { estimate } = shelf
  const told = { seed: estimate(contracts.seed), task: estimate(contracts.task) }
  return Object.entries(agents).map(([type, text]) => {
    const written = parsePrompt(text)
    const prompt = estimate(written.body)
    const contract = written.seed === true ? told.seed : told.task
    const { pointers, reads } = skillCosts(written, shelf)
    return { flow, type, prompt, contract, pointers, total: prompt + contract + pointers, reads }
  })
}

function skillCosts(
  { skills }: AgentPrompt,
  { served, main, estimate }: Shelf,
): Pick<PromptBudget, 'pointers' | 'reads'> {
  const meant = skills.map((name) => meantBy(name, served))
  const reads = meant.map((variants) => Math.max(0, ...variants.map(({ id }) => main.get(id) ?? 0)))
  const lines = meant.map((variants) => Math.max(0, ...variants.map((skill) => estimate(pointersTo(skill)))))
  const heading = lines.every((tokens) => tokens === 0) ? 0 : estimate('## Read first\n')
  return {
    pointers: lines.reduce((sum, tokens) => sum + tokens, heading),
    reads: reads.reduce((sum, tokens) => sum + tokens, 0),
  }
}

const POINTED_AT = /^(SKILL\.md|references\/(EXAMPLE(-[^/]+)?|COMMANDMENTS)\.md)$/

/** Lines as a client writes them; the folder stands for the one of a run. */
function pointersTo({ id, files }: ServedSkill): string {
  const pointed = [...files.keys()].filter((path) => POINTED_AT.test(path))
  return pointed.map((path) => `- Skill: .mill/runs/2026-01-01-run/skills/${id}/${path}\n`).join('')
}
