import { type AgentFrontmatter, agentFrontmatterSchema } from '../../schemas/agent-prompt.ts'
import { flowName, taskType } from '../../schemas/ids.ts'
import type { AgentDocument } from '../documents.ts'
import { errorAt, quote, type Report } from '../finding.ts'
import type { ParsedAgent } from '../parse.ts'
import { START } from '../position.ts'
import { checkSchema } from '../schema-issues.ts'
import type { Yaml } from '../yaml.ts'

/** Checks an agent prompt by itself; undefined after telling what is wrong with it. */
export function validateAgent(agent: ParsedAgent, report: Report): AgentDocument | undefined {
  const { path, flow, type, markdown } = agent
  const yaml = markdown?.frontmatter
  if (markdown === undefined || yaml === undefined) return undefined
  checkNames(agent, report)
  if (markdown.body.trim() === '') {
    const place = { path, ...markdown.positionOf(markdown.text.length) }
    const message = 'Cannot serve a prompt without a body: expected a goal and how to know it is reached'
    report(errorAt(place, { code: 'validate/empty-body', message }))
  }
  const frontmatter = checkSchema(agentFrontmatterSchema, yaml, report)
  if (frontmatter === undefined) return undefined
  checkPlace(agent, { yaml, frontmatter }, report)
  checkModel(yaml, frontmatter, report)
  checkTools(yaml, frontmatter, report)
  return { path, flow, type, frontmatter, yaml, markdown }
}

function checkNames({ path, flow, type }: ParsedAgent, report: Report): void {
  for (const [name, schema] of [
    [flow, flowName],
    [type, taskType],
  ] as const) {
    const [issue] = schema.safeParse(name).error?.issues ?? []
    if (issue === undefined) continue
    const message = `Cannot serve the name ${quote(name)}: ${issue.message}`
    report(errorAt({ path, ...START }, { code: 'validate/name', message }))
  }
}

interface Header {
  readonly yaml: Yaml
  readonly frontmatter: AgentFrontmatter
}

function checkPlace(agent: ParsedAgent, { yaml, frontmatter }: Header, report: Report): void {
  for (const [key, expected, where] of [
    ['type', agent.type, 'the file name'],
    ['flow', agent.flow, 'the folder name'],
  ] as const) {
    if (frontmatter[key] === expected) continue
    const message = `Cannot use ${quote(frontmatter[key])} as "${key}": expected ${where} ${quote(expected)}`
    const fix = { description: `Write "${expected}"`, replacement: expected }
    report(errorAt({ path: agent.path, ...yaml.valueAt([key]) }, { code: `validate/${key}`, message, fix }))
  }
}

function checkModel(yaml: Yaml, { model, model_pi, model_sdk }: AgentFrontmatter, report: Report): void {
  if (model !== undefined || model_pi !== undefined || model_sdk !== undefined) return
  const message = 'Cannot run a prompt without a model: expected at least one of model, model_pi, model_sdk'
  report(errorAt({ path: yaml.path, ...START }, { code: 'validate/model', message }))
}

function checkTools(yaml: Yaml, frontmatter: AgentFrontmatter, report: Report): void {
  const allowed = new Set(frontmatter.allowedTools)
  for (const [at, tool] of (frontmatter.disallowedTools ?? []).entries()) {
    if (!allowed.has(tool)) continue
    const message = `Cannot both allow and disallow ${quote(tool)}: expected it in one of the two lists`
    report(
      errorAt(
        { path: yaml.path, ...yaml.valueAt(['disallowedTools', at]) },
        { code: 'validate/tools', message },
      ),
    )
  }
}
