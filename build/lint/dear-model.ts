import type { AgentFrontmatter } from '../../schemas/agent-prompt.ts'
import type { Prompt } from '../expanded.ts'
import { modelTier } from '../model-tier.ts'
import type { Rule } from './rule.ts'

const PROFILES = ['model', 'model_sdk', 'model_pi'] as const
const seed = '---\ntype: seed\nflow: demo\nseed: true\nmodel: claude-haiku-4-5\n---\nPlan.\n'
const task = (more: string) => `---\ntype: task\nflow: demo\n${more}---\nDo it.\n`

export const dearModel: Rule = {
  code: 'lint/dear-model',
  severity: 'warning',
  summary:
    'A task runs on a dearer model than the cheapest of its flow and does not say why. Add `reason: …` to its frontmatter, or take the cheaper model.',
  ok: [
    {
      files: {
        'agents/demo/seed.md': seed,
        'agents/demo/task.md': task(
          'model: claude-sonnet-5\nreason: it weighs many files against each other\n',
        ),
      },
    },
  ],
  notOk: [
    {
      files: { 'agents/demo/seed.md': seed, 'agents/demo/task.md': task('model: claude-sonnet-5\n') },
      at: ['agents/demo/task.md:4:8'],
    },
  ],
  check: ({ tree }, tell) => {
    for (const prompts of Map.groupBy(tree.prompts, ({ flow }) => flow).values()) {
      for (const prompt of prompts) {
        if (prompt.frontmatter.reason !== undefined) continue
        const profile = PROFILES.find((name) => cheaperThan(prompt, prompts, name) !== undefined)
        const other = profile && cheaperThan(prompt, prompts, profile)
        if (profile === undefined || other === undefined) continue
        tell(placeOf(prompt, profile), { message: messageFor(prompt, other, profile) })
      }
    }
  },
}

type Profile = (typeof PROFILES)[number]

/** The first prompt of a flow whose model is of the lowest tier there, when that is lower than one's own. */
function cheaperThan(own: Prompt, prompts: readonly Prompt[], profile: Profile): Prompt | undefined {
  const tiers = prompts.map(({ frontmatter }) => tierOf(frontmatter, profile) ?? Infinity)
  const lowest = Math.min(...tiers)
  return lowest < (tierOf(own.frontmatter, profile) ?? 0) ? prompts[tiers.indexOf(lowest)] : undefined
}

function tierOf(frontmatter: AgentFrontmatter, profile: Profile): number | undefined {
  const model = frontmatter[profile]
  return model === undefined ? undefined : modelTier(model)
}

function placeOf({ path, yaml }: Prompt, profile: Profile) {
  return { path, ...yaml.valueAt([profile]) }
}

function messageFor({ frontmatter, flow, type }: Prompt, other: Prompt, profile: Profile): string {
  const cheaper = `when "${other.type}" runs on "${other.frontmatter[profile]}"`
  return `Cannot see why ${flow}/${type} needs "${frontmatter[profile]}", ${cheaper}: expected "reason", or a cheaper model`
}
