import type { HostTool } from '../../harness/harness.ts'
import { bashTool } from './bash.ts'
import { editTool } from './edit.ts'
import { globTool } from './glob.ts'
import { grepTool } from './grep.ts'
import { readTool } from './read.ts'
import { writeTool } from './write.ts'

/** Every tool that works on the project in `cwd`. */
export function fileTools(cwd: string): readonly HostTool[] {
  return [readTool(cwd), writeTool(cwd), editTool(cwd), grepTool(cwd), globTool(cwd), bashTool(cwd)]
}
