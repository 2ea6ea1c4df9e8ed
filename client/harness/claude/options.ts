import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Effort } from '../../../schemas/agent-prompt.ts'
import type { ModelAccess } from '../../config.ts'
import type { AgentJob } from '../harness.ts'
import type { Spawn } from './processes.ts'

/** Under this name the agent knows our server; its tools are `mcp__mill__<tool>`. */
const SERVER = 'mill'
const PREFIX = `mcp__${SERVER}__`

export type Hook = (input: unknown) => Promise<object>

/** Options of the SDK's `query`, as far as we set them. */
export interface ClaudeOptions {
  readonly [option: string]: unknown
}

export interface OptionsParts {
  readonly job: Pick<AgentJob, 'cwd' | 'model' | 'system' | 'effort' | 'limits'>
  /** Names of all tools there are; what may be called is for the judge to say. */
  readonly tools: readonly string[]
  readonly server: McpServer
  readonly env: Readonly<Record<string, string>>
  readonly hooks: { readonly judge: Hook; readonly pause: Hook }
  readonly spawn: Spawn
  readonly stop: AbortController
}

/**
 * Claude without anything of its own: no built-in tool, no settings, no memory, no prompt but ours. A model that
 * calls a built-in tool by its name gets ours, so that one fence holds on every harness.
 */
export function claudeOptions({ job, tools, server, env, hooks, spawn, stop }: OptionsParts): ClaudeOptions {
  const { cwd, model, system, effort, limits } = job
  const names = tools.map(offeredAs)
  return {
    cwd,
    model,
    env,
    systemPrompt: system,
    tools: [],
    toolAliases: Object.fromEntries(tools.map((tool) => [tool, offeredAs(tool)])),
    allowedTools: names,
    mcpServers: {
      [SERVER]: { type: 'sdk', name: SERVER, instance: server, alwaysLoad: true, timeout: limits.timeoutMs },
    },
    strictMcpConfig: true,
    settingSources: [],
    permissionMode: 'dontAsk',
    permissionPrompts: 'none',
    persistSession: false,
    includePartialMessages: true,
    maxTurns: limits.maxTurns,
    hooks: {
      // Longer than any agent: a judge that is out of time would count as one who did not object.
      PreToolUse: [{ hooks: [hooks.judge], timeout: limits.timeoutMs / 1000 + 60 }],
      PostToolBatch: [{ hooks: [hooks.pause] }],
    },
    spawnClaudeCodeProcess: spawn,
    abortController: stop,
    ...thinkingOf(effort),
  }
}

function thinkingOf(effort: Effort | undefined): object {
  if (effort === undefined) return {}
  if (effort === 'off') return { thinking: { type: 'disabled' } }
  if (effort === 'minimal') return { thinking: { type: 'disabled' }, effort: 'low' }
  return { effort }
}

/** What the agent calls a tool of ours. */
function offeredAs(tool: string): string {
  return `${PREFIX}${tool}`
}

/** Our name of what the agent calls; other names stay as they are. */
export function ownName(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
}

/** True for a tool of ours, whatever else there may be. */
export function isOurs(name: string): boolean {
  return name.startsWith(PREFIX)
}

export interface EnvironmentParts {
  /** PATH, proxies and the like. */
  readonly machine: Readonly<Record<string, string>>
  readonly access: ModelAccess['anthropic']
  /** The agent's own folder. */
  readonly home: string
}

/** The whole environment of one agent's process. */
export function agentEnvironment({ machine, access, home }: EnvironmentParts): Record<string, string> {
  const { apiKey, authToken, baseUrl } = access
  return {
    ...machine,
    HOME: home,
    TMPDIR: home,
    CLAUDE_CONFIG_DIR: home,
    CLAUDE_CODE_TMPDIR: home,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DO_NOT_TRACK: '1',
    CLAUDE_CODE_MAX_RETRIES: '3',
    API_TIMEOUT_MS: '300000',
    MAX_MCP_OUTPUT_TOKENS: '150000',
    ...(baseUrl === undefined ? {} : { ANTHROPIC_BASE_URL: baseUrl }),
    // A token is enough, and with one nothing else is sent along.
    ...(authToken === undefined ? { ANTHROPIC_API_KEY: apiKey ?? '' } : { ANTHROPIC_AUTH_TOKEN: authToken }),
  }
}
