import { enqueue, glob, grep, read } from '../../agent.ts'
import type { Policy } from '../../policy.ts'

const LLM_IMPORT =
  '(from|require\\(|import\\()\\s*[\'"](openai|@anthropic-ai/sdk|ai|@ai-sdk/[a-z-]+|langchain|@langchain/[a-z-]+|@google/genai|ollama)[\'"/]'

/** Plans the walking skeleton: two branches that do not wait for each other, and one task only where it is called for. */
export const seed: Policy = async (tools) => {
  const intent = `Intent to install the PostHog SDK, framework ${tools.subject.framework ?? 'not known'}`
  const install = await enqueue(tools, { type: 'install', reason: intent })
  const init = await enqueue(tools, { type: 'init' })
  const plan = await enqueue(tools, { type: 'plan-capture' })
  const capture = await enqueue(tools, { type: 'capture', dependsOn: ids(plan, init) })
  const manifest = await read(tools, 'package.json')
  const sources = await glob(tools, '**/*.{js,jsx,ts,tsx,mjs,cjs}')
  const framework = frameworkIn(manifest ?? '') ?? tools.subject.framework ?? 'no framework I know'
  tools.say(`${framework}, ${sources.length} source files`)
  const [call] = await grep(tools, LLM_IMPORT)
  const llm = call
    ? await enqueue(tools, {
        type: 'llm-analytics',
        dependsOn: ids(init),
        reason: `Calls of a language model found in ${call.file}: ${call.line.trim()}`,
      })
    : undefined
  await enqueue(tools, { type: 'report', dependsOn: ids(install, capture, llm) })
}

function frameworkIn(manifest: string): string | undefined {
  return /"(next|nuxt|@sveltejs\/kit|astro|express)"\s*:/.exec(manifest)?.[1]
}

function ids(...found: readonly (string | undefined)[]): readonly string[] {
  return found.filter((id) => id !== undefined)
}
