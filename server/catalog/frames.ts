import { type CodeFrame, codeFrame, sourceLines } from '../../build/code-frame.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { ChannelChange } from '../channels/board.ts'

/** Code frames of findings, cut while the files are at hand; they live as long as their findings do. */
export interface Frames {
  readonly keep: (change: ChannelChange) => void
  readonly of: (diagnostic: Diagnostic) => CodeFrame | undefined
}

/** Findings of one build that get a frame: as many as a page shows. */
export const MAX_FRAMES = 300

export function openFrames(): Frames {
  const frames = new WeakMap<Diagnostic, CodeFrame>()
  return {
    keep: ({ after, tree }) => {
      if (tree === undefined) return
      const files = new Map(tree.files.map((file) => [file.path, file]))
      const lines = new Map<string, readonly string[]>()
      for (const diagnostic of after.diagnostics.slice(0, MAX_FRAMES)) {
        const { path } = diagnostic
        const known = lines.get(path) ?? sourceLines(files.get(path))
        lines.set(path, known)
        const frame = codeFrame(diagnostic, known)
        if (frame !== undefined) frames.set(diagnostic, frame)
      }
    },
    of: (diagnostic) => frames.get(diagnostic),
  }
}
