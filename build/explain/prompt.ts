import { compilePrompt } from '../compile/prompt.ts'
import type { Prompt } from '../expanded.ts'
import type { ResolvedTree } from '../pipeline.ts'
import { type ExplainedFile, ranges, type Source } from './explanation.ts'
import { bodyLines, headLines } from './skill.ts'

/** Explains an agent prompt as it is served. */
export function explainPrompt(prompt: Prompt, tree: ResolvedTree): ExplainedFile {
  const { path, markdown, body } = prompt
  const text = compilePrompt(prompt)
  const head = text.slice(0, text.length - body.length)
  const verbatim = head === markdown.text.slice(0, markdown.bodyOffset)
  const headSources = verbatim
    ? headLines(markdown).map(({ line }) => promptLine(path, line))
    : head
        .split('\n')
        .slice(0, -1)
        .map((line) => settingSource(prompt, line))
  const bodySources = bodyLines(markdown, tree).map(
    (at): Source =>
      at.path === path ? promptLine(path, at.line) : { ...promptLine(at.path, at.line), kind: 'partial' },
  )
  // What follows the last line break is no line.
  const lines = [...headSources, ...(body.endsWith('\n') ? bodySources.slice(0, -1) : bodySources)]
  return { path: `agents-${prompt.flow}-${prompt.type}.md`, ranges: ranges(lines.map((source) => [source])) }
}

function promptLine(path: string, line: number): Source {
  return { kind: 'prompt', path, lines: [line, line], note: '' }
}

/** One line of frontmatter that was written anew: the served form knows less YAML than authors do. */
function settingSource({ path, frontmatter, yaml }: Prompt, text: string): Source {
  const key = text.slice(0, Math.max(0, text.indexOf(':')))
  if (key in frontmatter) {
    const { line } = yaml.keyAt([key])
    return { ...promptLine(path, line), note: 'written in the served form' }
  }
  const note = key === 'model_sdk' ? 'taken from model' : 'frontmatter'
  return { kind: 'generated', path: null, lines: null, note }
}
