import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv-provider.js'
import type { HostTool } from '../harness/harness.ts'
import type { Toolbox } from '../tools/toolbox.ts'

/** Made once: it costs more than all the rest of a server. */
const jsonSchemaValidator = new AjvJsonSchemaValidator()

/** Claude puts longer answers of other tools into a file, where no tool of ours would find them. */
const WHOLE = { 'anthropic/maxResultSizeChars': 500_000 }

/** An MCP server with the tools of one attempt; what a tool refuses is an error the model sees. */
export function attemptServer(toolbox: Toolbox): McpServer {
  const mcp = new McpServer(
    { name: 'context-mill', version: '1' },
    { capabilities: { tools: {} }, jsonSchemaValidator },
  )
  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [...toolbox.tools.values()].map(described),
  }))
  mcp.server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const { name: tool, arguments: input = {} } = params
    const { ok, text } = await toolbox.call({ tool, input }, signal)
    return { content: [{ type: 'text', text }], isError: !ok } satisfies CallToolResult
  })
  return mcp
}

function described({ name, description, input }: HostTool): Tool {
  return { name, description, inputSchema: { ...input, type: 'object' }, _meta: WHOLE }
}
