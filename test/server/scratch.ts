import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const SMALL = join(import.meta.dirname, '../fixtures/content-small')

/** An empty folder that is gone when the test has ended. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mill-server-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

/** A sound content folder in a scratch folder of its own. */
export function contentFolder(parent = scratch()): string {
  const content = join(parent, 'content')
  cpSync(SMALL, content, { recursive: true })
  return content
}

export function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

/** A prompt of the flow `hello` whose goal is `goal`. */
export function greetPrompt(goal: string): string {
  return `---
type: greet
flow: hello
label: Say hello
model: claude-haiku-4-5-20251001
skills: [greeting]
allowedTools: [Read, Edit, complete_task]
---
## Goal

${goal}
`
}
