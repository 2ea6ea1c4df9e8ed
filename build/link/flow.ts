import { didYouMean } from '../../schemas/suggest.ts'
import type { Prompt } from '../expanded.ts'
import { errorAt, type Finding, quote, type Report } from '../finding.ts'
import { START } from '../position.ts'
import { cycles } from './cycles.ts'

/** The prompts of one flow, whole or not, and the types of those that could not be read at all. */
export interface FlowDraft {
  readonly name: string
  readonly prompts: readonly Prompt[]
  readonly unread: readonly string[]
}

/** Checks what only the prompts of a flow together can get wrong. */
export function checkFlow(flow: FlowDraft, report: Report): void {
  checkSeeds(flow, report)
  checkSinks(flow, report)
  checkDependencies(flow, report)
}

/** True when a prompt may well have set a key that no prompt is seen to have. */
function isInDoubt({ prompts, unread }: FlowDraft, key: string): boolean {
  return unread.length > 0 || prompts.some(({ doubts }) => doubts.has(key))
}

function checkSeeds(flow: FlowDraft, report: Report): void {
  const { name, prompts } = flow
  const [first, ...others] = prompts.filter(({ frontmatter }) => frontmatter.seed === true)
  const [anyPrompt] = prompts
  if (first === undefined && anyPrompt !== undefined && !isInDoubt(flow, 'seed')) {
    const message = `Cannot plan the flow ${quote(name)}: no prompt has "seed: true", expected exactly one`
    report(errorAt({ path: anyPrompt.path, ...START }, { code: 'link/no-seed', message }))
  }
  for (const other of others) {
    const message = `Cannot plan the flow ${quote(name)} with a second seed beside ${quote(first?.type)}: expected exactly one`
    tell(other, ['seed'], { report, finding: { code: 'link/two-seeds', message } })
  }
}

function checkSinks(flow: FlowDraft, report: Report): void {
  const { name, prompts } = flow
  const [sink, ...others] = prompts.filter(({ frontmatter }) => frontmatter.sink === true)
  for (const other of others) {
    const message = `Cannot end the flow ${quote(name)} with a second sink beside ${quote(sink?.type)}: expected at most one`
    tell(other, ['sink'], { report, finding: { code: 'link/two-sinks', message } })
  }
  const queued = prompts.filter(({ frontmatter }) => frontmatter.runnerSeeded === true)
  if (sink === undefined && !isInDoubt(flow, 'sink')) {
    for (const prompt of queued) {
      const message = `Cannot queue ${quote(prompt.type)} by the runner in a flow without a sink: expected a prompt with "sink: true"`
      tell(prompt, ['runnerSeeded'], { report, finding: { code: 'link/no-sink', message } })
    }
  }
  checkWaiting(prompts, new Set(queued.map(({ type }) => type)), report)
}

/** Nobody but the sink may wait for what the runner queues: it is queued after everything else. */
function checkWaiting(prompts: readonly Prompt[], queued: ReadonlySet<string>, report: Report): void {
  for (const { prompt, at, type } of dependencies(prompts)) {
    if (
      prompt.frontmatter.sink === true ||
      prompt.doubts.has('sink') ||
      !queued.has(type) ||
      type === prompt.type
    )
      continue
    const message = `Cannot let ${quote(prompt.type)} wait for ${quote(type)}, which the runner queues: expected only the sink to wait for it`
    tell(prompt, ['dependsOn', at], { report, finding: { code: 'link/runner-seeded', message } })
  }
}

function checkDependencies({ name, prompts, unread }: FlowDraft, report: Report): void {
  const known = new Set([...prompts.flatMap(({ type, frontmatter }) => [type, frontmatter.type]), ...unread])
  for (const { prompt, at, type } of dependencies(prompts)) {
    if (known.has(type)) continue
    const message = `Cannot depend on ${quote(type)}: expected a type of the flow ${quote(name)}`
    const finding = { code: 'link/unknown-type', message, fix: didYouMean(type, known) } as const
    tell(prompt, ['dependsOn', at], { report, finding })
  }
  const edges = new Map(prompts.map(({ type, frontmatter }) => [type, frontmatter.dependsOn ?? []]))
  for (const cycle of cycles(edges)) {
    const [first, second] = cycle
    const edge = dependencies(prompts).find(({ prompt, type }) => prompt.type === first && type === second)
    if (edge === undefined) continue
    const message =
      first === second
        ? `Cannot let ${quote(first)} depend on itself: expected another type`
        : `Cannot wait in a circle: ${cycle.join(' → ')}, expected a task that can start`
    tell(edge.prompt, ['dependsOn', edge.at], { report, finding: { code: 'link/cycle', message } })
  }
}

function dependencies(prompts: readonly Prompt[]): { prompt: Prompt; at: number; type: string }[] {
  return prompts.flatMap((prompt) =>
    (prompt.frontmatter.dependsOn ?? []).map((type, at) => ({ prompt, at, type })),
  )
}

function tell(
  { path, yaml }: Prompt,
  at: readonly PropertyKey[],
  { report, finding }: { readonly report: Report; readonly finding: Finding },
): void {
  report(errorAt({ path, ...yaml.valueAt(at) }, finding))
}
