import { z } from 'zod'

const path = z.string().min(1).max(1024)

/** What each file tool accepts. Strict: a field nobody checks is a field nobody may send. */
const FILE_TOOL_INPUTS = {
  Read: z.strictObject({
    file_path: path.describe('File, relative to the project'),
    offset: z.int().min(1).optional().describe('First line to read, counted from 1'),
    limit: z.int().min(1).max(10_000).optional().describe('Number of lines to read'),
  }),
  Write: z.strictObject({
    file_path: path.describe('File, relative to the project; folders are created'),
    content: z.string().max(1_048_576).describe('The whole new content'),
  }),
  Edit: z.strictObject({
    file_path: path.describe('File, relative to the project'),
    old_string: z.string().min(1).describe('Text to replace, exactly as it stands in the file'),
    new_string: z.string().max(1_048_576).describe('Text to put in its place'),
    replace_all: z.boolean().optional().describe('Replace every occurrence; without it there must be one'),
  }),
  Grep: z.strictObject({
    pattern: z.string().min(1).max(1000).describe('JavaScript regular expression, matched line by line'),
    path: path.optional().describe('Folder or file to search; the whole project without it'),
    glob: z.string().min(1).max(256).optional().describe('Only files that match, such as "**/*.tsx"'),
  }),
  Glob: z.strictObject({
    pattern: z.string().min(1).max(256).describe('Such as "app/**/page.tsx"'),
    path: path.optional().describe('Folder to search; the whole project without it'),
  }),
  Bash: z.strictObject({
    command: z.string().min(1).max(2000).describe('One command of the allow-list, without shell syntax'),
    timeout: z.int().min(100).max(1_200_000).optional().describe('Milliseconds'),
  }),
} as const

export type FileToolName = keyof typeof FILE_TOOL_INPUTS

export type FileToolInput<Name extends FileToolName> = z.infer<(typeof FILE_TOOL_INPUTS)[Name]>

/** True for the names of file tools, exactly as they are written. */
export function isFileTool(name: string): name is FileToolName {
  return Object.hasOwn(FILE_TOOL_INPUTS, name)
}

/**
 * The input of a file tool, checked.
 * @throws TypeError in words the agent can act on
 */
export function parseInput<Name extends FileToolName>(name: Name, input: unknown): FileToolInput<Name> {
  const parsed = FILE_TOOL_INPUTS[name].safeParse(input)
  if (parsed.success) return parsed.data as FileToolInput<Name>
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
  throw new TypeError(`Cannot run ${name}: ${problems.join('; ')}`)
}

/** JSON Schema of a file tool's input. */
export function inputSchema(name: FileToolName): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(FILE_TOOL_INPUTS[name], { io: 'input' })
}
