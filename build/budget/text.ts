import type { Budget, PromptBudget, SkillBudget } from './budget.ts'

/** What may not be gone over; absent when nothing was said. */
export interface Limits {
  /** Tokens of a SKILL.md. */
  readonly maxSkill?: number | undefined
  /** Tokens that a task starts with. */
  readonly maxPrompt?: number | undefined
}

/** What goes over its limit: names of prompts and of skills. */
export interface Over {
  readonly prompts: readonly string[]
  readonly skills: readonly string[]
}

/** What a limit was set for and goes over it. */
export function overLimits({ prompts, skills }: Budget, { maxSkill, maxPrompt }: Limits): Over {
  return {
    prompts: prompts.filter(({ total }) => total > (maxPrompt ?? Infinity)).map(nameOf),
    skills: skills.filter(({ main }) => main > (maxSkill ?? Infinity)).map(({ skill }) => skill),
  }
}

/** A budget for a terminal; what goes over a limit is marked. */
export function budgetText({ prompts, skills }: Budget, over: Over): string {
  const tooLong = new Set([
    ...over.prompts.map((name) => `prompt ${name}`),
    ...over.skills.map((name) => `skill ${name}`),
  ])
  const row = (kind: string, name: string, numbers: readonly number[]) =>
    `${tooLong.has(`${kind} ${name}`) ? '!' : ' '} ${numbers.map((number) => `${number}`.padStart(12)).join('')}  ${name}`
  const lines = [
    'Tokens are estimated: within 15 % for English, markdown and code',
    '',
    'Task prompts',
    header(['prompt', 'contract', 'pointers', 'total', 'reads']),
    ...prompts.map((one) => row('prompt', nameOf(one), promptNumbers(one))),
    '',
    'Skills',
    header(['SKILL.md', 'references', 'total']),
    ...skills.map((one) => row('skill', one.skill, skillNumbers(one))),
    '',
    sums(prompts, skills),
  ]
  const count = over.prompts.length + over.skills.length
  return `${[...lines, ...(count === 0 ? [] : [`${count} over budget, marked with "!"`])].join('\n')}\n`
}

function nameOf({ flow, type }: PromptBudget): string {
  return `${flow}/${type}`
}

function header(titles: readonly string[]): string {
  return `  ${titles.map((title) => title.padStart(12)).join('')}`
}

function promptNumbers({ prompt, contract, pointers, total, reads }: PromptBudget): number[] {
  return [prompt, contract, pointers, total, reads]
}

function skillNumbers({ main, references, total }: SkillBudget): number[] {
  return [main, references, total]
}

function sums(prompts: readonly PromptBudget[], skills: readonly SkillBudget[]): string {
  const sum = (all: readonly { readonly total: number }[]) =>
    all.reduce((tokens, { total }) => tokens + total, 0)
  return `${prompts.length} task prompts ≈ ${sum(prompts)} tokens, ${skills.length} skills ≈ ${sum(skills)} tokens`
}
