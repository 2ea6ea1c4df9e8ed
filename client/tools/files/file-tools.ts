import type { HostTool } from '../../harness/harness.ts'
import { bashTool } from './bash.ts'
import { editTool } from './edit.ts'
import { globTool } from './glob.ts'
import { grepTool } from './grep.ts'
import { readTool } from './read.ts'
import { sightings } from './sightings.ts'
import { writeTool } from './write.ts'

/** One agent's tools for the project in `cwd`. */
export function fileTools(cwd: string): readonly HostTool[] {
  const seen = sightings()
  return [
    readTool(cwd, seen),
    writeTool(cwd, seen),
    editTool(cwd, seen),
    grepTool(cwd),
    globTool(cwd),
    bashTool(cwd),
  ]
}
