import { type AgentFrontmatter, agentFrontmatterSchema } from '../../schemas/agent-prompt.ts'
import { flowName, taskType } from '../../schemas/ids.ts'
import type { AgentDocument } from '../documents.ts'
import { errorAt, quote, type Report, watched } from '../finding.ts'
import type { ParsedAgent } from '../parse.ts'
import { START } from '../position.ts'
import { keysInDoubt, soundPart } from '../sound-part.ts'
import type { Yaml } from '../yaml.ts'

/** Checks an agent prompt by itself; undefined when nothing of it can be gone by. What is wrong is told. */
export function validateAgent(agent: ParsedAgent, report: Report): AgentDocument | undefined {
  const { path, flow, type, markdown } = agent
  const yaml = markdown?.frontmatter
  if (markdown === undefined || yaml === undefined) return undefined
  const own = watched(report)
  checkNames(agent, own.report)
  if (markdown.body.trim() === '') {
    const place = { path, ...markdown.positionOf(markdown.text.length) }
    const message = 'Cannot serve a prompt without a body: expected a goal and how to know it is reached'
    own.report(errorAt(place, { code: 'validate/empty-body', message }))
  }
  const sound = soundPart(agentFrontmatterSchema, yaml, own.report)
  if (sound === undefined) return undefined
  const header = { yaml: sound.yaml, frontmatter: sound.value, doubts: keysInDoubt(sound.doubts) }
  checkPlace(agent, header, own.report)
  checkModel(header, own.report)
  checkTools(header, own.report)
  const frontmatter = { ...sound.value, type: sound.value.type ?? type, flow: sound.value.flow ?? flow }
  return { path, flow, type, markdown, ...header, frontmatter, whole: !own.failed() }
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
  readonly frontmatter: Partial<AgentFrontmatter>
  readonly doubts: ReadonlySet<string>
}

function checkPlace(agent: ParsedAgent, { yaml, frontmatter }: Header, report: Report): void {
  for (const [key, expected, where] of [
    ['type', agent.type, 'the file name'],
    ['flow', agent.flow, 'the folder name'],
  ] as const) {
    if (frontmatter[key] === undefined || frontmatter[key] === expected) continue
    const message = `Cannot use ${quote(frontmatter[key])} as "${key}": expected ${where} ${quote(expected)}`
    const fix = { description: `Write "${expected}"`, replacement: expected }
    report(errorAt({ path: agent.path, ...yaml.valueAt([key]) }, { code: `validate/${key}`, message, fix }))
  }
}

const MODELS = ['model', 'model_pi', 'model_sdk'] as const

function checkModel({ yaml, frontmatter, doubts }: Header, report: Report): void {
  if (MODELS.some((key) => frontmatter[key] !== undefined || doubts.has(key))) return
  const message = 'Cannot run a prompt without a model: expected at least one of model, model_pi, model_sdk'
  report(errorAt({ path: yaml.path, ...START }, { code: 'validate/model', message }))
}

function checkTools({ yaml, frontmatter }: Header, report: Report): void {
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
